using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;

internal static class OpenApi
{
    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Heed";
            document.Info.Description = "What agencies send each other about children. Send your agency's key as Authorization: Bearer. Errors are problem details (RFC 9457) by field. Times are ISO 8601 with an offset.";
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> { ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The agency's key" } };
            document.Security = [new() { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(Instant) || type == typeof(LocalDate))
            {
                schema.Type = JsonSchemaType.String;
                schema.Format = type == typeof(Instant) ? "date-time" : "date";
                schema.Properties?.Clear();
            }
            return Task.CompletedTask;
        });
    }
}
