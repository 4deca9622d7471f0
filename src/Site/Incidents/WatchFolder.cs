using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Incidents;

/// <summary>Where a force's system lays its lists: a folder, and the key of whom it acts as (a system of the force). Configuration section Incidents.</summary>
public sealed record IncidentSettings
{
    public IReadOnlyList<Watched> Folders { get; init; } = [];

    public sealed record Watched(string Path, string Practitioner);
}

/// <summary>
/// Looks every five seconds for lists (*.csv) that nobody has written to for two seconds. What was taken goes to taken/, what a rule refused to refused/ with the reason beside it; what failed here stays, and is tried again.
/// A list that was taken twice is the same list: a program that is killed between the commit and the moving loses nothing.
/// </summary>
public sealed class WatchFolder(IncidentSettings settings, Works works, Bodies bodies, ILogger<WatchFolder> log) : Plumbing.Standing
{
    protected override Task Run(CancellationToken stop) => settings.Folders.Count == 0 ? Task.CompletedTask : Rounds(5, "Reading the watched folders", Round, log, stop);

    /// <summary>Answers how many lists were taken or refused.</summary>
    public async Task<int> Round(CancellationToken stop = default)
    {
        var done = 0;
        foreach (var folder in settings.Folders)
        {
            try
            {
                foreach (var file in new DirectoryInfo(folder.Path).EnumerateFiles("*.csv").OrderBy(f => f.Name, StringComparer.Ordinal).ToList())
                {
                    var (length, written) = (file.Length, file.LastWriteTimeUtc);
                    await Task.Delay(TimeSpan.FromSeconds(2), stop);
                    file.Refresh();
                    if (file.Exists && (file.Length, file.LastWriteTimeUtc) == (length, written))
                    {
                        await Take(file, folder.Practitioner, stop);
                        done++;
                    }
                }
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                log.LogWarning("A watched folder of incidents could not be read ({Fault}); trying again", failed.GetType().Name);
            }
        }
        return done;
    }

    private async Task Take(FileInfo file, string practitioner, CancellationToken stop)
    {
        var bytes = await File.ReadAllBytesAsync(file.FullName, stop);
        var who = await works.AsWorker("Whose folder this is", work => work.Ask<Guid>($"""select id as "Value" from practitioner where key = {practitioner}""").ToListAsync(stop), stop) is [var id] ? id : throw new NobodyThere();
        var no = await works.As(Identity.Of(who), "Holding a force's log against its reports", async work =>
            work.Actor.May("incident.import") ? (await TakeList.Handle(file.Name, "folder", bytes, work, bodies, stop)).No : work.Refuse("file", "Whoever this folder is read for has no post that permits incident.import"), stop);
        var to = Directory.CreateDirectory(Path.Combine(file.DirectoryName!, no is null ? "taken" : "refused")).FullName;
        if (no is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(to, file.Name + ".why.txt"), no.Message, stop);
        }
        file.MoveTo(Path.Combine(to, file.Name), overwrite: true);
    }
}
