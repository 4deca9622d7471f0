using Microsoft.Extensions.DependencyInjection;

namespace Heed.Plumbing;

public static class SetUp
{
    /// <summary>The door, jobs and waking; the caller adds its <see cref="Databases"/> and its kinds of job.</summary>
    public static IServiceCollection AddPlumbing(this IServiceCollection services, bool background = true)
    {
        services.AddSingleton<Wake>().AddSingleton<Works>().AddScoped<Work>().AddSingleton<Door>().AddSingleton<Jobs>().AddHostedService<WakeCarrier>();
        return background ? services.AddHostedService(s => s.GetRequiredService<Jobs>()) : services;
    }
}
