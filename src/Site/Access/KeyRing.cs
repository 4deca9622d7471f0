using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Access;

/// <summary>
/// The key ring of all programs on one database: a cookie made by one is good at the others, and after a new start; secrets that must be read again (<see cref="Secrets"/>) are sealed by it. It lies in that database, so whoever has a backup would have both,
/// unless the ring itself is sealed by a certificate that lies elsewhere (KeyRing__Certificate and KeyRing__Key, PEM files with an RSA key).
/// </summary>
public sealed class KeyRing(DbContextOptions<KeyRing> options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys { get; set; } = null!;

    protected override void OnModelCreating(ModelBuilder model) => model.Entity<DataProtectionKey>().ToTable("key_ring");

    public static void Seal(IDataProtectionBuilder ring, IConfiguration configuration)
    {
        ring.SetApplicationName("Heed").PersistKeysToDbContext<KeyRing>();
        if (configuration["KeyRing:Certificate"] is { Length: > 0 } file)
        {
            var certificate = X509Certificate2.CreateFromPemFile(file, configuration["KeyRing:Key"]);
            ring.ProtectKeysWithCertificate(certificate).UnprotectKeysWithAnyCertificate(certificate);
        }
    }
}
