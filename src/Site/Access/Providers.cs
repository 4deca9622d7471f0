using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Json;
using Heed.Plumbing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Heed.Site.Access;

/// <summary>What whoever runs an installation sets: the section "SignIn" of appsettings, or the environment.</summary>
public sealed class SignInSettings
{
    /// <summary>Providers may be at loopback and private addresses, and unencrypted: an agency's own directory inside the network, or a test.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>How long somebody is believed to be there still before their provider is asked: with the time that asking takes, under five minutes.</summary>
    public int AskAfterSeconds { get; set; } = 240;

    /// <summary>How often in a minute one address may send a form to /sign-in or come back from a provider. A whole council may stand behind one.</summary>
    public int MostAMinute { get; set; } = 600;

    /// <summary>How often in a minute one session may ask for anything: more than anybody reads, and too little to copy what all of an agency may see.</summary>
    public int MostPagesAMinute { get; set; } = 300;
}

/// <summary>
/// Each agency's own provider (OpenID Connect Core 1.0: authorization code with PKCE), as an authentication scheme named by its number and made from its row whenever that has changed.
/// </summary>
public sealed class Providers(Works works, IOptionsMonitorCache<OpenIdConnectOptions> schemes, IEnumerable<IPostConfigureOptions<OpenIdConnectOptions>> completes, Secrets secrets, SignInSettings settings, Encryption encryption, ILogger<Providers> log)
{
    public const string Path = "/sign-in/via/";

    /// <summary>In the properties of a request to a provider: the session of whoever proves again who they are.</summary>
    public const string Again = "again", For = "for";

    private readonly ConcurrentDictionary<Guid, int> _versions = new();

    private sealed record Row(Guid Id, Guid AgencyId, string Issuer, string ClientId, string Secret, string Scopes, string GroupsClaim, string? AsksAcr, string? ProvesAcr, int Version);

    public SignInSettings Settings => settings;

    /// <summary>Why no provider is where it was said to be; null where one is.</summary>
    public async Task<string?> Unreachable(string issuer)
    {
        try
        {
            using var client = new HttpClient(Outward.Handler(() => settings.AllowPrivateAddresses)) { Timeout = TimeSpan.FromSeconds(5) };
            var about = JsonDocument.Parse(await client.GetStringAsync($"{issuer}/.well-known/openid-configuration")).RootElement;
            return about.TryGetProperty("issuer", out var says) && says.GetString()?.TrimEnd('/') == issuer ? null : "it calls itself by another issuer";
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException or JsonException)
        {
            return failed.InnerException is AddressRefused ? "the address is private" : failed is HttpRequestException { StatusCode: { } status } ? $"it answered {(int)status}" : "no answer that can be read";
        }
    }

    public string Protect(string secret) => secrets.Providers.Protect(secret);

    public Task<Guid?> ForAddress(string email) => works.AsWorker("Finding somebody's own sign-in", async work =>
        (await work.Ask<Guid>($"select p.id as \"Value\" from provider_domain d join provider p on p.id = d.provider_id where d.during @> heed_now() and d.domain = {email.Trim().ToLowerInvariant().Split('@')[^1]} and p.during @> heed_now()").ToListAsync()) is [var one] ? one : (Guid?)null);

    /// <summary>Its settings, made anew where the row has changed; null where there is none in force.</summary>
    public async Task<OpenIdConnectOptions?> Of(Guid provider)
    {
        var row = await works.AsWorker("Reading a provider", work => work.Ask<Row>($"select id, agency_id, issuer, client_id, secret, scopes, groups_claim, asks_acr, proves_acr, version from provider where id = {provider} and during @> heed_now()").FirstOrDefaultAsync());
        var name = provider.ToString();
        if (row is null)
        {
            schemes.TryRemove(name);
            _versions.TryRemove(provider, out _);
            return null;
        }
        if (_versions.GetValueOrDefault(provider) != row.Version)
        {
            schemes.TryRemove(name);
            schemes.TryAdd(name, Options(row));
            _versions[provider] = row.Version;
        }
        return schemes.GetOrAdd(name, () => Options(row));
    }

    private OpenIdConnectOptions Options(Row row)
    {
        var o = new OpenIdConnectOptions
        {
            Authority = row.Issuer,
            ClientId = row.ClientId,
            ClientSecret = secrets.Providers.Unprotect(row.Secret),
            ResponseType = OpenIdConnectResponseType.Code,
            ResponseMode = OpenIdConnectResponseMode.Query,
            UsePkce = true,
            MapInboundClaims = false,
            GetClaimsFromUserInfoEndpoint = true,
            RequireHttpsMetadata = !settings.AllowPrivateAddresses,
            BackchannelHttpHandler = Outward.Handler(() => settings.AllowPrivateAddresses),
            BackchannelTimeout = TimeSpan.FromSeconds(10),
            CallbackPath = Path + row.Id,
            SignedOutCallbackPath = $"{Path}{row.Id}/out",
            RemoteSignOutPath = $"{Path}{row.Id}/ended",
            SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme,
            TimeProvider = TimeProvider.System,
        };
        o.Scope.Clear();
        foreach (var scope in row.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            o.Scope.Add(scope);
        }
        foreach (var (cookie, name) in new[] { (o.NonceCookie, "heed-nonce."), (o.CorrelationCookie, "heed-correlation.") })
        {
            // From this very host is also: for all its paths.
            (cookie.Name, cookie.Path, cookie.SameSite, cookie.SecurePolicy) = (encryption.Cookie(name), "/", SameSiteMode.Lax, encryption.Cookies);
        }
        // By default how strongly somebody signed in, and when, is thrown away.
        o.ClaimActions.Clear();
        o.ClaimActions.MapUniqueJsonKey("email", "email");
        o.ClaimActions.MapUniqueJsonKey("email_verified", "email_verified");
        o.ClaimActions.MapUniqueJsonKey("name", "name");
        o.ClaimActions.MapJsonKey(row.GroupsClaim, row.GroupsClaim);
        o.Events = new()
        {
            OnRedirectToIdentityProvider = context =>
            {
                context.ProtocolMessage.AcrValues = row.AsksAcr;
                if (context.Properties.Items.ContainsKey(Again))
                {
                    (context.ProtocolMessage.Prompt, context.ProtocolMessage.MaxAge, context.ProtocolMessage.AcrValues) = ("login", "0", row.ProvesAcr ?? row.AsksAcr);
                }
                return Task.CompletedTask;
            },
            OnTokenResponseReceived = context =>
            {
                context.HttpContext.Items[secrets.Tokens] = secrets.Tokens.Protect(JsonSerializer.Serialize(new Kept(context.TokenEndpointResponse.RefreshToken, context.TokenEndpointResponse.IdToken)));
                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                // The framework asks for no signature where a token comes straight from the provider (OpenID Connect Core 1.0, 3.1.3.7); ASVS 5.0, 6.8.2 does.
                if (context.SecurityToken.RawSignature.Length == 0)
                {
                    context.Fail("An ID token that nobody signed");
                }
                return Task.CompletedTask;
            },
            OnTicketReceived = async context =>
            {
                var signIns = context.HttpContext.RequestServices.GetRequiredService<SignIns>();
                var said = Said.By(context.Principal!, row.GroupsClaim);
                var before = Guid.TryParse(context.Properties!.Items.TryGetValue(Again, out var of) ? of : null, out var session) ? (session, context.Properties.Items[For] ?? "") : ((Guid, string)?)null;
                var (who, no) = await signIns.Accept(row.Id, row.AgencyId, said, before is null ? row.AsksAcr : row.ProvesAcr ?? row.AsksAcr, before, context.HttpContext.Items[secrets.Tokens] as string);
                if (who is null)
                {
                    log.LogWarning("A sign-in by provider {Provider} was turned away: {Why}", row.Id, no);
                    context.HandleResponse();
                    context.Response.Redirect($"/sign-in?no={no}");
                    return;
                }
                context.Principal = who;
            },
            OnRemoteFailure = context =>
            {
                // The kind only: a provider's words may name somebody.
                log.LogWarning("A sign-in by provider {Provider} failed: {Fault}", row.Id, context.Failure?.GetType().Name);
                context.HandleResponse();
                context.Response.Redirect("/sign-in?no=failed");
                return Task.CompletedTask;
            },
            OnRedirectToIdentityProviderForSignOut = context =>
            {
                (context.ProtocolMessage.ClientId, context.ProtocolMessage.IdTokenHint) = (row.ClientId, context.Properties.Items.TryGetValue("hint", out var hint) ? hint : null);
                context.Properties.Items.Remove("hint");
                return Task.CompletedTask;
            },
        };
        foreach (var complete in completes)
        {
            complete.PostConfigure(row.Id.ToString(), o);
        }
        o.Validate(row.Id.ToString());
        return o;
    }

    /// <summary>What is kept of a provider's answer, protected: to ask again, and to end the session there too.</summary>
    private sealed record Kept(string? Refresh, string? IdToken);

    public string? Hint(string? tokens) => Read(tokens)?.IdToken;

    private Kept? Read(string? tokens) => tokens is null ? null : JsonSerializer.Deserialize<Kept>(secrets.Tokens.Unprotect(tokens));

    /// <summary>Gone: the provider does not know them any more. Neither: it could not be asked.</summary>
    public sealed record Standing(bool Gone = false, string[]? Groups = null, string? Tokens = null, bool NothingToAskWith = false);

    /// <summary>Whether somebody is there still: a new token for the old one (OpenID Connect Core 1.0, 12).</summary>
    public async Task<Standing> Ask(Guid provider, string subject, string? tokens)
    {
        if (await Of(provider) is not { } o)
        {
            return new(Gone: true);
        }
        if (Read(tokens) is not { Refresh: { } refresh } kept)
        {
            // The browser goes through the provider again.
            return new(Gone: true, NothingToAskWith: true);
        }
        try
        {
            var about = await o.ConfigurationManager!.GetConfigurationAsync(default);
            using var answer = await o.Backchannel.PostAsync(about.TokenEndpoint, new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", refresh), new("client_id", o.ClientId!), new("client_secret", o.ClientSecret!)]));
            var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            if (!answer.IsSuccessStatusCode)
            {
                return new(Gone: said.TryGetProperty("error", out var error) && error.GetString() is "invalid_grant" or "access_denied" or "unauthorized_client");
            }
            var (name, access) = (await GroupsClaim(provider), said.GetProperty("access_token").GetString());
            using var ask = new HttpRequestMessage(HttpMethod.Get, about.UserInfoEndpoint) { Headers = { Authorization = new("Bearer", access) } };
            using var info = await o.Backchannel.SendAsync(ask);
            var who = JsonDocument.Parse(await info.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;
            if (who.GetProperty("sub").GetString() != subject)
            {
                return new(Gone: true);
            }
            var groups = who.TryGetProperty(name, out var g) ? g.ValueKind == JsonValueKind.Array ? [.. g.EnumerateArray().Select(e => e.ToString())] : new[] { g.ToString() } : [];
            return new(false, groups, secrets.Tokens.Protect(JsonSerializer.Serialize(new Kept(Text("refresh_token") ?? refresh, Text("id_token") ?? kept.IdToken))));

            string? Text(string field) => said.TryGetProperty(field, out var value) ? value.GetString() : null;
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException or InvalidOperationException or JsonException)
        {
            log.LogWarning("Provider {Provider} could not be asked who is there still: {Fault}", provider, failed.GetType().Name);
            return new();
        }
    }

    private Task<string> GroupsClaim(Guid provider) => works.AsWorker("Reading a provider", work => work.One<string>($"select groups_claim from provider where id = {provider}"));

    /// <summary>A provider says that a session or a person has ended (OpenID Connect Back-Channel Logout 1.0, 2.6). Answers whether the token is good.</summary>
    public async Task<bool> Ended(Guid provider, string token)
    {
        if (await Of(provider) is not { } o)
        {
            return false;
        }
        var about = await o.ConfigurationManager!.GetConfigurationAsync(default);
        var rules = o.TokenValidationParameters.Clone();
        (rules.ValidAudience, rules.ValidIssuer, rules.IssuerSigningKeys, rules.ValidateLifetime, rules.RequireExpirationTime) = (o.ClientId, about.Issuer, about.SigningKeys, true, false);
        var read = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, rules);
        if (!read.IsValid || read.SecurityToken is not JsonWebToken jwt || jwt.TryGetPayloadValue<object>("nonce", out _) || !jwt.TryGetPayloadValue<JsonElement>("events", out var events) || !events.TryGetProperty("http://schemas.openid.net/event/backchannel-logout", out _))
        {
            return false;
        }
        var (subject, session) = (jwt.TryGetPayloadValue<string>("sub", out var sub) ? sub : null, jwt.TryGetPayloadValue<string>("sid", out var sid) ? sid : null);
        if (subject is null && session is null)
        {
            return false;
        }
        await works.AsWorker("Ending what a provider says has ended", work => work.Do($"""
            update session set ended_at = now(), ended_because = 'ended at the provider', tokens = null
             where provider_id = {provider} and ended_at is null and ({session}::text is null or provider_session = {session}) and ({subject}::text is null or subject = {subject})
            """));
        return true;
    }
}

/// <summary>What a provider says of somebody, as they come from it.</summary>
public sealed record Said(string Subject, string? Name, string? Email, string[] Groups, string? Acr, string[] Amr, string? Session, long? ProvedAt)
{
    public static Said By(ClaimsPrincipal who, string groups)
    {
        string? One(string claim) => who.FindFirstValue(claim);
        // An address that the provider itself does not vouch for is nobody's.
        var email = "false".Equals(One("email_verified"), StringComparison.OrdinalIgnoreCase) ? null : One("email")?.ToLowerInvariant();
        return new(One("sub") ?? throw new InvalidOperationException("No subject"), One("name"), email, [.. who.FindAll(groups).Select(c => c.Value)], One("acr"), [.. who.FindAll("amr").Select(c => c.Value)], One("sid"), long.TryParse(One("auth_time"), out var at) ? at : null);
    }
}

/// <summary>Finds a provider's scheme by its number; the fixed ones as ever.</summary>
public sealed class Schemes(IOptions<AuthenticationOptions> options, Providers providers) : AuthenticationSchemeProvider(options)
{
    public override async Task<AuthenticationScheme?> GetSchemeAsync(string name) =>
        !Guid.TryParse(name, out var provider) ? await base.GetSchemeAsync(name) : await providers.Of(provider) is null ? null : new AuthenticationScheme(name, null, typeof(OpenIdConnectHandler));
}
