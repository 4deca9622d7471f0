using Heed.Matching;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Audit;
using Heed.Site.Clocks;
using Heed.Site.Demo;
using Heed.Site.Emergency;
using Heed.Site.Exchange;
using Heed.Site.Files;
using Heed.Site.Incidents;
using Heed.Site.Layout;
using Heed.Site.Notices;
using Heed.Site.Operation;
using Heed.Site.People;
using Heed.Site.Referrals;
using Heed.Site.Timeliness;
using Heed.Site.Writing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;
using Scalar.AspNetCore;

return await (args.FirstOrDefault() switch
{
    "serve" => Serve.Run(args[1..]),
    "import" => ImportRegister.Run(args[1..]),
    "law" => LawBook.Run(args[1..]),
    "run" => Run.Serve(args[1..]),
    "first" => Run.First(args[1..]),
    "doctor" => Doctor.Run(args[1..]),
    "backup" => Backup.Take(args[1..]),
    "restore" => Backup.Restore(args[1..]),
    "verify" => VerifyCommand.Run(args[1..]),
    _ => Usage(),
});

static Task<int> Usage()
{
    Console.Error.WriteLine("Heed: serve | run | first | doctor | verify | backup | restore | import register | law; ./heed help says more");
    return Task.FromResult(2);
}

/// <summary>The whole wiring of the one program.</summary>
public static class Site
{
    public static readonly Tables Tables = new(typeof(Report), typeof(Notice), typeof(Contact), typeof(HandingOn), typeof(ShownHistory), typeof(Episode), typeof(Heed.Site.Referrals.Referral), typeof(Assessment), typeof(Clock), typeof(ClockEvent), typeof(Mention), typeof(SourceRecord), typeof(Link), typeof(Draft));

    /// <param name="background">False where a test or the loader does each round of jobs and sweeps itself.</param>
    /// <param name="settings">What whoever runs it would set in the environment: a test's own.</param>
    public static WebApplication Build(Databases databases, string address, bool demo, bool background = true, string? logs = null, params KeyValuePair<string, string?>[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(Site).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory, WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot") });
        builder.Configuration.AddInMemoryCollection(settings);
        var encryption = new Encryption(address, builder.Configuration);
        builder.WebHost.UseUrls(address).ConfigureKestrel(kestrel => { kestrel.AddServerHeader = false; kestrel.Limits.MaxRequestBodySize = 40 * 1024 * 1024; });
        builder.Logging.ClearProviders().AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat, json.IncludeScopes) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true)).SetMinimumLevel(Enum.Parse<LogLevel>(logs ?? "Warning"));
        // A form without its token is turned away before the door: it too is in the log (ASVS 5.0, 16.3.3).
        builder.Logging.AddFilter("Microsoft.AspNetCore.Mvc.ViewFeatures.Filters", LogLevel.Information);
        var services = builder.Services;
        services.AddSingleton(databases).AddPlumbing(background).AddSingleton<Bodies>().AddSingleton(Versions.Current).AddSingleton<Resolve>().AddSingleton<Register>().AddSingleton<SendFile>().AddSingleton<Compare>().AddSingleton<KeptFindings>().AddSingleton<Sweep>().AddSingleton<Lapse>().AddSingleton<StuckWork>().AddSingleton<Secrets>().AddSingleton<Signing>().AddSingleton<Seal>();
        services.AddSingleton(s => new JobKind(Send.ResolveJob, "Working out who the people of a report are", async (reports, work, stop) =>
        {
            await s.GetRequiredService<Resolve>().Handle(reports, work, stop);
            await s.GetRequiredService<Compare>().Arrived(reports, work, stop);
        }, Together: 32));
        services.AddSingleton(s => new JobKind(Compare.Job, "Holding a force's log against its reports", s.GetRequiredService<Compare>().Handle, Together: 1));
        services.AddSingleton(s => new JobKind(Register.ResolveJob, "Working out who the people of a register are", s.GetRequiredService<Register>().Handle, Together: 1));
        services.AddSingleton(s => new JobKind(SendFile.Job, "Sending the reports of a file", s.GetRequiredService<SendFile>().Handle, Together: 1));
        services.AddSingleton(s => new JobKind(DecideMatch.InvolveJob, "Following who somebody was found to be", s.GetRequiredService<Resolve>().Again, Together: 1));
        services.AddSingleton(s => new JobKind(Send.CorrectJob, "Following a correction", (reports, work, stop) => FollowCorrection.Handle(reports, work, s.GetRequiredService<Bodies>(), stop), Together: 32));
        services.AddSingleton(builder.Configuration.GetSection("Incidents").Get<IncidentSettings>() ?? new());
        services.AddSingleton(builder.Configuration.GetSection("Exchange").Get<ExchangeSettings>() ?? new()).AddSingleton<Outside>().AddSingleton<SignedReceipts>().AddSingleton<Webhooks>().AddSingleton<Mail>().AddSingleton<Undelivered>();
        services.AddSingleton(new JobKind(Undelivered.ArrivedJob, "Following what arrived after all", Undelivered.Arrived, Together: 32));
        if (background)
        {
            services.AddHostedService(s => s.GetRequiredService<Webhooks>()).AddHostedService(s => s.GetRequiredService<Mail>()).AddHostedService(s => s.GetRequiredService<Undelivered>());
            services.AddHostedService(s => s.GetRequiredService<Sweep>()).AddHostedService(s => s.GetRequiredService<Condition>()).AddHostedService<WatchFolder>().AddHostedService(s => s.GetRequiredService<Lapse>()).AddHostedService(s => s.GetRequiredService<StuckWork>()).AddHostedService(s => s.GetRequiredService<Seal>());
        }
        services.AddDbContext<KeyRing>(o => o.UseNpgsql(databases.Owner).UseSnakeCaseNamingConvention());
        KeyRing.Seal(services.AddDataProtection(), builder.Configuration);
        services.AddSingleton(new Demonstration(demo)).AddSingleton(builder.Configuration.GetSection("Crowds").Get<CrowdSettings>() ?? new()).AddSingleton<PeopleFirst>().AddSingleton(builder.Configuration.GetSection("SignIn").Get<SignInSettings>() ?? new()).AddSingleton<Providers>().AddSingleton<Sessions>().AddSingleton<SignIns>().AddScoped<Sessions.Events>();
        services.AddSingleton<IAuthenticationSchemeProvider, Schemes>().AddSingleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            (cookie.Cookie.Name, cookie.Cookie.HttpOnly, cookie.Cookie.SameSite, cookie.ExpireTimeSpan, cookie.SlidingExpiration) = (encryption.Cookie("heed"), true, SameSiteMode.Lax, TimeSpan.FromHours(12), true);
            cookie.Cookie.SecurePolicy = encryption.Cookies;
            cookie.EventsType = typeof(Sessions.Events);
        });
        services.AddSingleton(encryption).AddAntiforgery(form => (form.Cookie.Name, form.Cookie.SecurePolicy) = (encryption.Cookie("heed-form"), encryption.Cookies)).AddRateLimiter(Crowds.Limit);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.ConfigureForNodaTime(DateTimeZoneProviders.Tzdb));
        services.AddProblemDetails();
        services.AddSingleton(builder.Configuration.GetSection("Operation").Get<OperationSettings>() ?? new()).AddSingleton<Condition>().AddTelemetry(builder.Configuration);
        // As a lambda: the generator that puts the summaries into the description passes over a method's name.
        services.AddOpenApi("v1", options => OpenApi.Describe(options));
        services.AddRazorPages(pages =>
        {
            pages.RootDirectory = "/";
            pages.Conventions.ConfigureFilter(new Microsoft.AspNetCore.Mvc.ServiceFilterAttribute(typeof(Door)) { Order = 0 });
            pages.Conventions.ConfigureFilter(new Microsoft.AspNetCore.Mvc.ServiceFilterAttribute(typeof(FrameFilter)) { Order = 1 });
        }).AddViewLocalization().AddMvcOptions(mvc => mvc.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true);
        services.AddLocalization().AddSingleton<FrameFilter>();

        var app = builder.Build();
        app.Use(Headers.Stand);
        encryption.Use(app);
        // A page says in words what went wrong; the API in problem details. Outside the handler of failures, so that it words those too.
        app.UseStatusCodePagesWithReExecute("/problem/{0}");
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/api"), api => api.UseStatusCodePages());
        app.UseExceptionHandler(Failed);
        app.UseStaticFiles();
        app.Use(Headers.Onward);
        app.UseAuthentication();
        app.Use(Urgency.Sort);
        app.UseRateLimiter();
        app.Use(PeopleFirst.GiveWay);
        app.Use(Returned);
        var api = app.MapGroup("/api").AddEndpointFilter(app.Services.GetRequiredService<SignedReceipts>()).AddEndpointFilter(app.Services.GetRequiredService<Door>());
        foreach (var (slice, map) in new (string, Action<IEndpointRouteBuilder>)[]
        {
            ("Access", Heed.Site.Access.Api.Map),
            ("Notices", Heed.Site.Notices.Api.Map),
            ("Referrals", Heed.Site.Referrals.Api.Map),
            ("Clocks", Heed.Site.Clocks.Api.Map),
            ("People", Heed.Site.People.Api.Map),
            ("Exchange", Heed.Site.Exchange.Api.Map),
            ("Writing", Heed.Site.Writing.Api.Map),
            ("Files", Heed.Site.Files.Api.Map),
            ("Incidents", Heed.Site.Incidents.Api.Map),
            ("Timeliness", Heed.Site.Timeliness.Api.Map),
            ("Emergency", Heed.Site.Emergency.Api.Map),
            ("Audit", Heed.Site.Audit.Api.Map),
            ("Administration", Heed.Site.Administration.Api.Map),
            ("Operation", Heed.Site.Operation.Api.Map),
        })
        {
            map(api.MapGroup("").WithTags(slice));
        }
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapScalarApiReference("/api-reference");
        Live.Map(app);
        SessionLeft.Map(app);
        Health.Map(app);
        app.MapRazorPages();
        return app;
    }

    /// <summary>A failure tells nobody's name: its kind and a number to find it by.</summary>
    private static void Failed(IApplicationBuilder failing) => failing.Run(async http =>
    {
        var failure = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        var again = failure is not null && Problems.AskAgain(failure);
        if (again)
        {
            http.Response.Headers.RetryAfter = "2";
        }
        http.Response.StatusCode = failure is BadHttpRequestException bad ? bad.StatusCode : again ? 503 : 500;
        if (!http.Request.Path.StartsWithSegments("/api"))
        {
            return;
        }
        await Results.Problem(statusCode: http.Response.StatusCode, title: again ? "Not now: send it again" : "This failed here; it is not your doing").ExecuteAsync(http);
    });

    /// <summary>Whoever comes back from their agency's provider; and what a provider itself says.</summary>
    private static async Task Returned(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.Value is { } path && path.StartsWith(Providers.Path, StringComparison.Ordinal) && path[Providers.Path.Length..].Split('/') is [var number, .. var rest] && Guid.TryParse(number, out var provider))
        {
            if (rest is ["backchannel"] && HttpMethods.IsPost(http.Request.Method))
            {
                var good = http.Request.HasFormContentType && await http.RequestServices.GetRequiredService<Providers>().Ended(provider, (await http.Request.ReadFormAsync())["logout_token"].ToString());
                http.Response.StatusCode = good ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
                return;
            }
            if (await http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>().GetHandlerAsync(http, number) is IAuthenticationRequestHandler handler && await handler.HandleRequestAsync())
            {
                return;
            }
        }
        await next(http);
    }
}
