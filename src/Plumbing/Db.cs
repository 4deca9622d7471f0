using Microsoft.EntityFrameworkCore;

namespace Heed.Plumbing;

/// <summary>The rows that pages and actions read and write as objects. A type's table and columns bear its names in snake_case.</summary>
public sealed record Tables(params Type[] Rows);

internal sealed class Db(DbContextOptions<Db> options, Tables tables) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder model)
    {
        foreach (var row in tables.Rows)
        {
            model.Entity(row);
        }
    }
}
