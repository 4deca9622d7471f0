using System.Text.Json.Serialization.Metadata;
using Heed.Plumbing;
using Heed.Site.Exchange;
using Heed.Site.Notices;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using NodaTime;

/// <summary>The API as /openapi/v1.json describes it: fields by the summaries of the code, and what every operation has in common said here once.</summary>
internal static class OpenApi
{
    public static void Describe(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = ReferenceId;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Heed";
            document.Info.Description = "What agencies send each other about children. Send your agency's key as Authorization: Bearer. Errors are problem details (RFC 9457) by field. Times are ISO 8601 with an offset.";
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> { ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The agency's key" } };
            document.Security = [new() { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            ApiWords.Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<PermitAttribute>().LastOrDefault() is { } permit)
            {
                Refusals(operation, permit, context.Description.RelativePath!.Contains('{'), context.Description.HttpMethod != "GET", context.Description.ActionDescriptor.EndpointMetadata.OfType<EnableRateLimitingAttribute>().Any(), context.Document!);
            }
            foreach (var receipt in context.Description.SupportedResponseTypes.Where(r => r.Type == typeof(Receipt)))
            {
                var answer = (OpenApiResponse)operation.Responses![$"{receipt.StatusCode}"];
                answer.Headers = new Dictionary<string, IOpenApiHeader> { [SignedReceipts.Header] = Header(JsonSchemaType.String, "A detached JWS (RFC 7515, appendix F; ES256) over the very bytes of the body. The keys are at /api/keys: keep both.") };
            }
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

    /// <summary>A type within another bears both names: a line of the worklist is not a line of the looks. What an API takes and answers bears its slice's.</summary>
    internal static string? ReferenceId(JsonTypeInfo info) => (OpenApiOptions.CreateDefaultSchemaReferenceId(info), info.Type.DeclaringType) switch
    {
        (null, _) => null,
        ({ } id, null) => id,
        ({ } id, { Name: "Api" } api) => $"{api.Namespace!.Split('.')[^1]}.{id}",
        ({ } id, { } outer) => $"{outer.Name}.{id}",
    };

    private static void Refusals(OpenApiOperation operation, PermitAttribute permit, bool names, bool changes, bool crowded, OpenApiDocument document)
    {
        operation.Description = string.Join(' ', new[] { operation.Description, $"Needs the permit {permit.Name}. Recorded as: {permit.Purpose}." }.OfType<string>());
        Add(401, "No key, or one that is not in force.");
        Add(403, "None of the posts behind this key permits it.");
        if (names)
        {
            Add(404, "Not there, or not for this agency: the two look alike.");
        }
        if (changes)
        {
            Add(409, "In conflict with what stands already: somebody else was faster.");
            Add(422, "Refused by a rule, which it names: errors by field.", "HttpValidationProblemDetails");
        }
        if (crowded)
        {
            Later(429, "Too many of this system's wait already: send it again.");
        }
        Later(503, "Not now, or it is not known whether it was done: send the same again.");

        void Later(int status, string why) => Add(status, why).Headers = new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = Header(JsonSchemaType.Integer, "In how many seconds.") };

        OpenApiResponse Add(int status, string why, string problem = "ProblemDetails")
        {
            var answer = new OpenApiResponse { Description = why, Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(problem, document) } } };
            operation.Responses![$"{status}"] = answer;
            return answer;
        }
    }

    private static OpenApiHeader Header(JsonSchemaType type, string says) => new() { Description = says, Schema = new OpenApiSchema { Type = type } };
}
