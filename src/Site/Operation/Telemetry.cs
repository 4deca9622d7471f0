using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Heed.Site.Operation;

/// <summary>
/// Traces and metrics by OpenTelemetry, where the environment names a collector (OTEL_EXPORTER_OTLP_ENDPOINT) and nowhere else. A path holds numbers only, a query is cut off, a statement has its
/// values apart: nobody's data goes there.
/// </summary>
public static class Telemetry
{
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 })
        {
            return;
        }
        services.AddOpenTelemetry()
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation(o => o.Filter = http => !http.Request.Path.StartsWithSegments("/alive") && !http.Request.Path.StartsWithSegments("/healthz") && !http.Request.Path.StartsWithSegments("/live")).AddSource("Npgsql").AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddMeter(Condition.Meter, "Npgsql").AddOtlpExporter());
    }
}
