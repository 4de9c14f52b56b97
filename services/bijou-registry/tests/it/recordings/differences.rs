//! Where we answer otherwise than a stock Eureka server, on purpose: each with the row of `docs/moving-from-eureka.md` that
//! tells people of it and why. What is not here is a defect.

use super::{Answered, shape::Shape};

pub struct Difference {
    /// The first cell of its row.
    pub row: &'static str,
    /// Takes the difference out of both answers where it is one.
    pub settle: fn(&mut Case),
}

/// A request and what was answered.
pub struct Case {
    /// Its first line.
    pub request: String,
    pub theirs: Answered,
    pub ours: Answered,
}

pub const DIFFERENCES: [Difference; 11] = [
    Difference { row: "a bad status value or time", settle: whose_fault_it_is },
    Difference { row: "an override removed without `value`", settle: own_word_given_back },
    Difference { row: "a cancelled instance, told of once more by a slow peer", settle: no_zombie },
    Difference { row: "a batch with an action nobody knows", settle: item_by_item },
    Difference { row: "`DeleteStatusOverride` without a time, from a peer", settle: no_time_needed },
    Difference { row: "`serverinfo/statusoverrides`", settle: overrides_at_spring_too },
    Difference { row: "one instance in XML while OUT_OF_SERVICE", settle: as_in_lists },
    Difference { row: "gzip", settle: wherever_asked_for },
    Difference { row: "a body in a coding nobody knows, or not in the one it says", settle: as_it_says },
    Difference { row: "`/eureka/status`", settle: of_its_own_machine },
    Difference { row: "errors", settle: empty },
];

fn whose_fault_it_is(case: &mut Case) {
    if (case.theirs.status, case.ours.status) == (500, 400) {
        case.theirs.status = 400;
    }
}

/// The stock server says UNKNOWN until the instance registers again, to which it asks it by a 404.
fn own_word_given_back(case: &mut Case) {
    if case.request.starts_with("PUT") && (case.theirs.status, case.ours.status) == (404, 200) {
        case.theirs = case.ours.clone();
    }
    let unknown = Shape::Text("UNKNOWN".to_owned());
    let (Some(theirs), Some(ours)) = (&mut case.theirs.body, &mut case.ours.body) else { return };
    // An instance that is UNKNOWN there says what it is here; counts of statuses follow.
    let mut is_met = false;
    theirs.each(&mut |name, value| is_met |= name == "status" && *value == unknown);
    if is_met {
        for body in [theirs, ours] {
            body.each(&mut |name, value| {
                if matches!(name, "status" | "apps__hashcode") {
                    *value = unknown.clone();
                }
            });
        }
    }
}

/// The one place in the recordings where a peer tells of somebody from before a cancellation.
fn no_zombie(case: &mut Case) {
    if case.request.starts_with("GET /eureka/apps/STOCK") && (case.theirs.status, case.ours.status) == (200, 404) {
        case.theirs = case.ours.clone();
    }
}

fn item_by_item(case: &mut Case) {
    let is_batch = case.request.contains("/peerreplication/batch");
    if is_batch && (case.theirs.status, case.ours.status) == (400, 200) {
        case.theirs = case.ours.clone();
    }
}

/// It misses the time in one event of a batch, and says that this is its own fault.
fn no_time_needed(case: &mut Case) {
    let reply = |status: &str| Shape::Members(vec![("statusCode".to_owned(), Shape::Number(status.to_owned()))]);
    let replies = |body: &mut Option<Shape>| {
        let list = body.as_mut().and_then(|body| body.member("responseList"))?;
        if let Shape::List(replies) = list { Some(replies.clone()) } else { None }
    };
    let is_batch = case.request.contains("/peerreplication/batch");
    if is_batch
        && replies(&mut case.theirs.body) == Some(vec![reply("500")])
        && replies(&mut case.ours.body) == Some(vec![reply("200")])
    {
        case.theirs = case.ours.clone();
    }
}

fn overrides_at_spring_too(case: &mut Case) {
    if case.request.contains("/serverinfo/statusoverrides") && case.theirs.status == 404 {
        case.theirs = case.ours.clone();
    }
}

/// Its XML of a single instance knows the statuses of version 1 only.
fn as_in_lists(case: &mut Case) {
    let (Some(theirs), Some(ours)) = (&mut case.theirs.body, &case.ours.body) else { return };
    let mut ours = ours.clone();
    let Some(ours) = ours.member("instance").and_then(|instance| instance.member("status")) else { return };
    let Some(theirs) = theirs.member("instance").and_then(|instance| instance.member("status")) else { return };
    if (&*theirs, &*ours) == (&Shape::Text("DOWN".to_owned()), &Shape::Text("OUT_OF_SERVICE".to_owned())) {
        *theirs = ours.clone();
    }
}

/// The stock server compresses `apps` and `apps/delta` only.
fn wherever_asked_for(case: &mut Case) {
    if case.ours.is_gzip && !case.request.split(' ').nth(1).is_some_and(|path| path.ends_with("/apps/")) {
        case.theirs.is_gzip = true;
    }
}

/// The stock server registers such a body as if it said nothing of a coding. `BAD` is in the recordings for that only.
fn as_it_says(case: &mut Case) {
    let is_refused = matches!(case.ours.status, 400 | 415) && case.theirs.status == 204;
    if case.request == "POST /eureka/apps/BAD" && is_refused {
        case.theirs = case.ours.clone();
    }
    let Some(applications) = case.theirs.body.as_mut().and_then(|body| body.member("applications")) else { return };
    let Some(Shape::List(listed)) = applications.member("application") else { return };
    if let [only] = &mut listed[..]
        && only.member("name") == Some(&mut Shape::Text("BAD".to_owned()))
    {
        case.theirs = case.ours.clone();
    }
}

/// Its JSON is an error there, and its XML does not say whether all is well. What either says of its machine and of itself
/// is its own: the names and their order are compared, and that both mean an instance.
fn of_its_own_machine(case: &mut Case) {
    if !case.request.starts_with("GET") || !case.request.ends_with("/status") {
        return;
    }
    if (case.theirs.status, case.ours.status) == (500, 200) {
        case.theirs = case.ours.clone();
    }
    for body in [&mut case.theirs.body, &mut case.ours.body] {
        let Some(status) = body.as_mut().and_then(|body| body.member("com.netflix.eureka.util.StatusInfo")) else {
            continue;
        };
        if let Some(Shape::Members(figures)) = status.member("generalStats") {
            for (_, figure) in figures {
                *figure = Shape::Null;
            }
        }
        if let Some(instance) = status.member("instanceInfo")
            && ["instanceId", "hostName", "app", "leaseInfo"].iter().all(|name| instance.member(name).is_some())
        {
            *instance = Shape::Text("an instance".to_owned());
        }
        if let Shape::Members(members) = status {
            members.retain(|(name, _)| name != "healthy");
        }
    }
}

fn empty(case: &mut Case) {
    if case.theirs.status >= 400 && case.ours.status >= 400 && case.ours.body.is_none() {
        (case.theirs.body, case.theirs.media_type) = (None, None);
    }
}
