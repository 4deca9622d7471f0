using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Heed.Plumbing;

/// <summary>The rows that pages and actions read and write as objects. A type's table and columns bear its names in snake_case.</summary>
public sealed record Tables(params Type[] Rows);

internal sealed partial class Db(DbContextOptions<Db> options, Tables tables) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder model)
    {
        foreach (var row in tables.Rows)
        {
            model.Entity(row).ToTable(Snake(row.Name));
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions) => conventions.Conventions.Add(_ => new SnakeCase());

    internal static string Snake(string name) => Humps().Replace(name, "$1_$2").ToLowerInvariant();

    [GeneratedRegex("([a-z0-9])([A-Z])")]
    private static partial Regex Humps();

    private sealed class SnakeCase : IPropertyAddedConvention
    {
        public void ProcessPropertyAdded(IConventionPropertyBuilder property, IConventionContext<IConventionPropertyBuilder> context) =>
            property.HasColumnName(Snake(property.Metadata.Name));
    }
}
