using System.Diagnostics;
using Heed.Plumbing;
using Npgsql;

namespace Heed.Site.Tests.Plumbing;

public sealed class PrivatePostgresTests : IDisposable
{
    private readonly string _folder = Path.Combine("/var/tmp", $"heed-minded-{Environment.ProcessId}");

    [Fact]
    public async Task A_database_that_is_killed_comes_back_one_that_was_stopped_stays_so_and_no_socket_is_left_lying_about()
    {
        var postgres = await PrivatePostgres.Start(_folder);
        await using (postgres)
        {
            postgres.Mind();
            await using var source = NpgsqlDataSource.Create(postgres.Superuser);
            await using (var make = source.CreateCommand("create table kept (n int); insert into kept values (1)"))
            {
                await make.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
            var killed = await Postmaster(source);
            killed.Kill();
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(killed.Id, (await Again(source)).Id);
            await using (var count = source.CreateCommand("select count(*) from kept"))
            {
                Assert.Equal(1L, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
            }

            var stopped = await Postmaster(source);
            Process.Start("kill", ["-INT", $"{stopped.Id}"])!.WaitForExit();
            await stopped.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Task.Delay(1500, TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<NpgsqlException>(() => Postmaster(source));
        }
        Assert.False(Directory.Exists(postgres.Socket));
    }

    private static async Task<Process> Again(NpgsqlDataSource source)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await Postmaster(source);
            }
            catch (NpgsqlException) when (tries < 600)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task<Process> Postmaster(NpgsqlDataSource source)
    {
        await using var file = source.CreateCommand("select pg_read_file('postmaster.pid')");
        return Process.GetProcessById(int.Parse(((string)(await file.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).Split('\n')[0]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
