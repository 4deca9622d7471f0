using NodaTime;
using static Heed.Statute.Tests.Times;

namespace Heed.Statute.Tests;

/// <summary>Each national limit on a day on which a likely mistake would give another answer.</summary>
public class LimitTests
{
    [Fact, Proves("police-protection.longest")]
    public void Seventy_two_hours_run_through_a_bank_holiday_weekend_and_the_spring_clock_change() =>
        Assert.Equal(new(2027, 3, 29, 19, 0), PoliceProtection.Longest.Due(London(2027, 3, 26, 18)));

    [Fact, Proves("police-protection.longest")]
    public void Seventy_two_hours_end_an_hour_earlier_on_the_wall_when_the_clocks_go_back() =>
        Assert.Equal(new(2026, 10, 26, 17, 0), PoliceProtection.Longest.Due(London(2026, 10, 23, 18)));

    [Fact, Proves("police-protection.longest")]
    public void Police_protection_ends_with_release_and_never_later_than_its_72_hours()
    {
        var taken = London(2026, 11, 20, 23, 40);
        Assert.Equal(taken + Duration.FromHours(5), PoliceProtection.EndsAt(taken, taken + Duration.FromHours(5)));
        Assert.Equal(taken + Duration.FromHours(72), PoliceProtection.EndsAt(taken, taken + Duration.FromHours(90)));
        Assert.Equal(taken + Duration.FromHours(72), PoliceProtection.EndsAt(taken, null));
    }

    [Fact, Proves("return-interview")]
    public void A_return_interview_is_72_hours_and_not_three_working_days() =>
        Assert.Equal(new(2026, 12, 27, 14, 5), Missing.ReturnInterview.Due(London(2026, 12, 24, 14, 5)));

    [Fact, Proves("referral.decision")]
    public void A_referral_late_on_a_summer_Friday_is_decided_by_the_end_of_Monday() =>
        Assert.Equal(MidnightAfter(2026, 7, 6), Referral.Decision.Due(London(2026, 7, 3, 23, 30)));

    [Fact, Proves("referral.decision")]
    public void A_referral_half_an_hour_into_a_summer_Monday_is_Mondays_though_UTC_says_Sunday()
    {
        Assert.Equal(MidnightAfter(2026, 7, 7), Referral.Decision.Due(London(2026, 7, 6, 0, 30)));
        Assert.Equal(MidnightAfter(2026, 7, 6), Referral.Decision.Due(London(2026, 7, 5, 23, 30)));
    }

    [Fact, Proves("referral.decision"), Proves("referral.decision.wales")]
    public void A_referral_on_Christmas_Eve_waits_for_the_first_working_day_in_both_nations()
    {
        Assert.Equal(MidnightAfter(2026, 12, 29), Referral.Decision.Due(London(2026, 12, 24, 9)));
        Assert.Equal(MidnightAfter(2026, 12, 29), Referral.DecisionInWales.Due(London(2026, 12, 24, 9)));
        Assert.False(Referral.Decision.AppliesIn(Nations.Wales));
        Assert.False(Referral.DecisionInWales.AppliesIn(Nations.England));
    }

    [Fact, Proves("assessment.complete"), Proves("assessment.complete.wales")]
    public void An_assessment_has_45_working_days_in_England_and_42_in_Wales_over_Easter_and_May()
    {
        // Good Friday, Easter Monday and the first Monday of May 2026 fall inside both, the last Monday of May outside.
        Assert.Equal(MidnightAfter(2026, 5, 7), Referral.Assessment.Due(London(2026, 3, 2, 10)));
        Assert.Equal(MidnightAfter(2026, 5, 1), Referral.AssessmentInWales.Due(London(2026, 3, 2, 10)));
    }

    [Fact, Proves("conference.initial"), Proves("conference.transfer-in")]
    public void Fifteen_working_days_do_not_count_the_day_of_the_strategy_discussion_or_two_jubilee_days()
    {
        Assert.Equal(MidnightAfter(2022, 6, 16), Conference.Initial.Due(London(2022, 5, 24, 9)));
        Assert.Equal(MidnightAfter(2026, 12, 11), Conference.Initial.Due(London(2026, 11, 20, 23, 59)));
        Assert.Equal(MidnightAfter(2026, 12, 11), Conference.TransferIn.Due(London(2026, 11, 20, 8)));
    }

    [Fact, Proves("core-group.first"), Proves("core-group.next")]
    public void The_core_group_meets_in_10_working_days_and_then_at_most_six_weeks_apart()
    {
        Assert.Equal(MidnightAfter(2026, 12, 4), Conference.FirstCoreGroup.Due(London(2026, 11, 20, 14)));
        Assert.Equal(MidnightAfter(2027, 1, 15), Conference.NextCoreGroup.Due(London(2026, 12, 4, 14)));
    }

    [Fact, Proves("review.first"), Proves("review.next")]
    public void Months_that_are_too_short_end_on_their_last_day()
    {
        Assert.Equal(MidnightAfter(2027, 2, 28), Conference.FirstReview.Due(London(2026, 11, 30, 10)));
        Assert.Equal(MidnightAfter(2028, 2, 29), Conference.FirstReview.Due(London(2027, 11, 30, 10)));
        Assert.Equal(MidnightAfter(2027, 2, 28), Conference.NextReview.Due(London(2026, 8, 31, 10)));
    }

    [Fact, Proves("emergency-protection.longest"), Proves("emergency-protection.after-police-protection"), Proves("emergency-protection.extension")]
    public void Eight_days_of_an_emergency_order_count_their_first_day_and_after_police_protection_count_from_it()
    {
        var taken = London(2026, 11, 20, 23, 40);
        var order = London(2026, 11, 22, 11);
        Assert.Equal(MidnightAfter(2026, 11, 29), EmergencyProtection.Longest.Due(order));
        Assert.Equal(MidnightAfter(2026, 11, 27), EmergencyProtection.AfterPoliceProtection.Due(taken));
        Assert.Equal(MidnightAfter(2026, 12, 6), EmergencyProtection.Extension.Due(London(2026, 11, 29, 12)));
    }

    [Fact, Proves("custody.review.first"), Proves("custody.review.next"), Proves("custody.longest"), Proves("custody.longest.extended")]
    public void Custody_hours_run_through_the_night_the_clocks_go_back()
    {
        var authorised = London(2026, 10, 24, 22);
        Assert.Equal(new(2026, 10, 25, 3, 0), Custody.FirstReview.Due(authorised));
        Assert.Equal(new(2026, 10, 25, 6, 0), Custody.NextReview.Due(authorised));
        Assert.Equal(new(2026, 10, 25, 21, 0), Custody.Longest.Due(authorised));
        Assert.Equal(new(2026, 10, 26, 9, 0), Custody.LongestExtended.Due(authorised));
    }

    [Fact, Proves("vetting.escalate"), Proves("vetting.chase")]
    public void A_check_is_aged_after_60_calendar_days_and_chased_every_14()
    {
        Assert.Equal(MidnightAfter(2027, 1, 19), Vetting.Escalation.Due(London(2026, 11, 20, 10)));
        Assert.Equal(MidnightAfter(2027, 2, 2), Vetting.Chase.Due(London(2027, 1, 19, 10)));
    }

    [Fact, Proves("adoption.stage-one"), Proves("adoption.stage-two")]
    public void Adopters_stages_are_two_and_four_months()
    {
        Assert.Equal(MidnightAfter(2027, 2, 28), Adoption.StageOne.Due(London(2026, 12, 31, 10)));
        Assert.Equal(MidnightAfter(2027, 6, 28), Adoption.StageTwo.Due(London(2027, 2, 28, 10)));
    }

    [Fact, Proves("looked-after.care-plan"), Proves("looked-after.placement-plan"), Proves("looked-after.review.first"),
        Proves("looked-after.review.second"), Proves("looked-after.review.next"), Proves("placement.out-of-area.told")]
    public void A_child_placed_before_Christmas_has_its_plans_and_reviews_counted_in_working_days()
    {
        var placed = London(2026, 12, 18, 19);
        Assert.Equal(MidnightAfter(2027, 1, 6), LookedAfter.CarePlan.Due(placed));
        Assert.Equal(MidnightAfter(2026, 12, 29), LookedAfter.PlacementPlan.Due(placed));
        Assert.Equal(MidnightAfter(2026, 12, 29), LookedAfter.OutOfArea.Due(placed));
        Assert.Equal(MidnightAfter(2027, 1, 20), LookedAfter.FirstReview.Due(placed));
        Assert.Equal(MidnightAfter(2027, 4, 20), LookedAfter.SecondReview.Due(London(2027, 1, 20, 10)));
        Assert.Equal(MidnightAfter(2027, 10, 20), LookedAfter.NextReview.Due(London(2027, 4, 20, 10)));
    }

    [Fact, Proves("connected-person.temporary"), Proves("connected-person.extension")]
    public void Temporary_approval_lasts_16_weeks_and_once_8_more()
    {
        Assert.Equal(MidnightAfter(2027, 3, 12), LookedAfter.ConnectedPerson.Due(London(2026, 11, 20, 10)));
        Assert.Equal(MidnightAfter(2027, 5, 7), LookedAfter.ConnectedPersonExtended.Due(London(2027, 3, 12, 10)));
        Assert.Equal("16 weeks", LookedAfter.ConnectedPerson.Amount);
    }

    [Fact, Proves("allegation.designated-officer")]
    public void An_allegation_on_Maundy_Thursday_reaches_the_designated_officer_by_the_Tuesday() =>
        Assert.Equal(MidnightAfter(2026, 4, 7), Allegation.DesignatedOfficer.Due(London(2026, 4, 2, 16)));

    [Fact, Proves("genital-mutilation.report"), Proves("genital-mutilation.report.latest")]
    public void Mutilation_is_reported_by_the_next_working_day_and_at_the_latest_within_the_month()
    {
        Assert.Equal(MidnightAfter(2027, 2, 1), GenitalMutilation.Report.Due(London(2027, 1, 31, 9)));
        Assert.Equal(MidnightAfter(2027, 2, 28), GenitalMutilation.ReportAtLatest.Due(London(2027, 1, 31, 9)));
    }

    [Fact, Proves("serious-incident.notify"), Proves("rapid-review"), Proves("practice-review.publish"), Proves("child-death.notify")]
    public void A_serious_incident_is_notified_reviewed_and_published()
    {
        Assert.Equal(MidnightAfter(2026, 9, 7), SeriousIncident.Notify.Due(London(2026, 8, 28, 17)));
        Assert.Equal(MidnightAfter(2026, 9, 28), SeriousIncident.RapidReview.Due(London(2026, 9, 7, 12)));
        Assert.Equal(MidnightAfter(2027, 2, 28), SeriousIncident.PracticeReview.Due(London(2026, 8, 31, 12)));
        Assert.Equal(new(2027, 3, 29, 4, 0), SeriousIncident.ChildDeath.Due(London(2027, 3, 27, 3)));
    }

    [Fact, Proves("registered-offender.notify"), Proves("registered-offender.notify.yearly"), Proves("registered-offender.notify.no-address"),
        Proves("public-protection.level-two"), Proves("public-protection.level-three")]
    public void A_registered_offenders_days_run_through_the_weekend()
    {
        Assert.Equal(MidnightAfter(2026, 11, 23), RegisteredOffender.Notify.Due(London(2026, 11, 20, 16)));
        Assert.Equal(MidnightAfter(2029, 2, 28), RegisteredOffender.NotifyEachYear.Due(London(2028, 2, 29, 16)));
        Assert.Equal(MidnightAfter(2026, 11, 27), RegisteredOffender.NotifyWithoutAddress.Due(London(2026, 11, 20, 16)));
        Assert.Equal(MidnightAfter(2027, 2, 12), RegisteredOffender.MeetingAtLevelTwo.Due(London(2026, 11, 20, 16)));
        Assert.Equal(MidnightAfter(2027, 1, 1), RegisteredOffender.MeetingAtLevelThree.Due(London(2026, 11, 20, 16)));
    }

    [Fact, Proves("risk-conference.repeat"), Proves("protection-flag.kept")]
    public void Twelve_months_end_on_the_same_day_of_the_next_year()
    {
        Assert.Equal(MidnightAfter(2027, 11, 20), DomesticAbuse.RepeatWindow.Due(London(2026, 11, 20, 9)));
        Assert.Equal(MidnightAfter(2027, 11, 20), ProtectionFlag.Kept.Due(London(2026, 11, 20, 9)));
    }

    [Fact, Proves("census.children-in-need"), Proves("inspection.action-plan")]
    public void The_census_of_a_year_is_due_by_the_end_of_July_and_an_action_plan_in_six_weeks()
    {
        Assert.Equal(MidnightAfter(2027, 7, 31), Oversight.Census.Due(London(2027, 3, 31, 23, 59)));
        Assert.Equal(MidnightAfter(2027, 1, 1), Oversight.ActionPlan.Due(London(2026, 11, 20, 9)));
    }

    [Fact]
    public void A_limit_that_allows_no_time_is_not_a_limit() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HourLimit("none", 0, "", "", Anchor.Known, "", new("", ""), Basis.Local));

    [Fact]
    public void The_schools_duty_is_not_in_force_before_7_November_2025()
    {
        Assert.False(Notification.School.InForceOn(new(2025, 11, 6)));
        Assert.True(Notification.School.InForceOn(new(2025, 11, 7)));
        Assert.True(Referral.Decision.InForceOn(new(2016, 1, 1)));
    }
}
