using Heed.Plumbing;

namespace Heed.Site.Clocks;

/// <summary>A clock stops because what it waited for was done: met, or met late. The row's own due time decides which.</summary>
public static class Stop
{
    /// <param name="contact">Only this child's, where given.</param>
    /// <param name="whose">Which agencies'; the actor's own, unless the program itself stops them.</param>
    public static async Task Met(Work work, Guid notice, string[] limits, Guid? contact = null, Guid[]? whose = null)
    {
        // A sweep may hold them. What waits for it inside the next statement would count its events without the sweep's own.
        await work.Do($"select 1 from clock where notice_id = {notice} and state in ('running', 'warned', 'breached') order by id for update");
        await work.Do($"""
        with stopped as (
            update clock set state = case when {work.Now} > due_at then 'met-late' else 'met' end, stopped_at = {work.Now}, stopped_by = {work.Actor.Id}, next_at = null
             where notice_id = {notice} and limit_key = any ({limits}) and agency_id = any ({whose ?? work.Actor.Agencies}) and ({contact}::uuid is null or contact_id = {contact}) and state in ('running', 'warned', 'breached')
            returning id, state)
        insert into clock_event (clock_id, ordinal, what)
        select s.id, (select count(*) from clock_event e where e.clock_id = s.id), s.state from stopped s
        """);
    }

    /// <summary>One clock that hangs on no notice.</summary>
    public static async Task Met(Work work, Guid clock)
    {
        await work.Do($"select 1 from clock where id = {clock} for update");
        await work.Do($"""
        with stopped as (
            update clock set state = case when {work.Now} > due_at then 'met-late' else 'met' end, stopped_at = {work.Now}, stopped_by = {work.Actor.Id}, next_at = null
             where id = {clock} and state in ('running', 'warned', 'breached') returning id, state)
        insert into clock_event (clock_id, ordinal, what)
        select s.id, (select count(*) from clock_event e where e.clock_id = s.id), s.state from stopped s
        """);
    }

    /// <summary>What the clock waited for is owed no longer, for a reason that stands beside it: never a way to make a late one disappear.</summary>
    public static async Task Cancelled(Work work, Guid notice, string[] limits, string because)
    {
        await work.Do($"select 1 from clock where notice_id = {notice} and state in ('running', 'warned', 'breached') order by id for update");
        await work.Do($"""
        with stopped as (
            update clock set state = 'cancelled', stopped_at = {work.Now}, stopped_by = {work.Actor.Id}, next_at = null, cancelled_because = {because}
             where notice_id = {notice} and limit_key = any ({limits}) and agency_id = any ({work.Actor.Agencies}) and state in ('running', 'warned')
            returning id)
        insert into clock_event (clock_id, ordinal, what, words)
        select s.id, (select count(*) from clock_event e where e.clock_id = s.id), 'cancelled', {because} from stopped s
        """);
    }

    /// <summary>What was to be said of an incident that nobody was told of has been said, or a report has come after all.</summary>
    public static async Task Met(Work work, Guid[] untold, string[] limits)
    {
        await work.Do($"select 1 from clock where untold_id = any ({untold}) and state in ('running', 'warned', 'breached') order by id for update");
        await work.Do($"""
        with stopped as (
            update clock set state = case when {work.Now} > due_at then 'met-late' else 'met' end, stopped_at = {work.Now}, stopped_by = {work.Actor.Id}, next_at = null
             where untold_id = any ({untold}) and limit_key = any ({limits}) and state in ('running', 'warned', 'breached')
            returning id, state)
        insert into clock_event (clock_id, ordinal, what)
        select s.id, (select count(*) from clock_event e where e.clock_id = s.id), s.state from stopped s
        """);
    }
}
