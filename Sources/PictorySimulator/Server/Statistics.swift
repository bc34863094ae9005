/// Counts of what has been asked and answered.
///
/// `GET /simulator/stats` gives them as one JSON object:
///
/// - `scenario`, `seed`, `time_scale`, `virtual_seconds`: what is being simulated, and how far it is.
/// - `requests`: how many of each kind: `poll`, `image` (videos too) and `other`. The simulator's own pages are not
///   counted anywhere.
/// - `status`: how many answers with each HTTP status; `none` are requests reset without an answer.
/// - `poll_status`, `image_status`: the same for polls and for images alone.
/// - `in_flight`: `now` and `most`, over polls and images together. A request counts from its arrival until the last
///   part of its body is about to be handed to the connection, or the connection is gone; so a client that keeps to
///   its own cap is never shown beyond it, unless it gave up on requests and the simulator has not noticed yet. What
///   the kernel holds for a slow reader counts as written.
/// - `most_polls_in_a_second`: within any one second, not only whole ones.
/// - `body_bytes_sent`: bytes of bodies handed to connections.
/// - `image_requests_with_key`: image requests with an `authorization_header` (any), with the key in an `other_header`,
///   with the key in the `url`. All three must be 0.
/// - `distinct_jobs`: jobs that were polled or downloaded.
/// - `polls_per_job`, `images_per_job`: job id to count, without polls that the front door, the key check or the limiter
///   turned away; absent with `?jobs=false`.
struct Statistics: Sendable {
    enum Kind: String, Sendable {
        case poll, image, other
    }

    private(set) var requests: [Kind: Int] = [:]
    private(set) var statuses: [Kind: [Int: Int]] = [:]
    private(set) var inFlight = 0
    private(set) var mostInFlight = 0
    private(set) var mostPollsInASecond = 0
    private(set) var bodyBytes = 0
    private(set) var authorizationHeaders = 0
    private(set) var keyInOtherHeader = 0
    private(set) var keyInURL = 0
    private var recentPolls: [Double] = []
    private var oldestPoll = 0

    /// The status under which a request is counted that was reset without an answer.
    static let noStatus = 0

    mutating func arrived(_ kind: Kind, at seconds: Double) {
        requests[kind, default: 0] += 1
        guard kind != .other else { return }
        inFlight += 1
        mostInFlight = max(mostInFlight, inFlight)
        if kind == .poll { notePoll(at: seconds) }
    }

    mutating func left(_ kind: Kind) {
        guard kind != .other else { return }
        inFlight -= 1
    }

    mutating func answered(_ kind: Kind, status: Int) {
        statuses[kind, default: [:]][status, default: 0] += 1
    }

    mutating func sent(bytes: Int) {
        bodyBytes += bytes
    }

    /// Looks for the API key in a request that must not have it.
    mutating func inspect(_ request: IncomingRequest, for key: String) {
        if request.header("Authorization") != nil { authorizationHeaders += 1 }
        if request.headers.contains(where: { $0.name.lowercased() != "authorization" && $0.value.contains(key) }) {
            keyInOtherHeader += 1
        }
        if request.path.contains(key) || request.query.contains(key) { keyInURL += 1 }
    }

    private mutating func notePoll(at seconds: Double) {
        recentPolls.append(seconds)
        while recentPolls[oldestPoll] <= seconds - 1 { oldestPoll += 1 }
        mostPollsInASecond = max(mostPollsInASecond, recentPolls.count - oldestPoll)
        // Removed in bulk, so that one poll costs little whatever the rate.
        if oldestPoll > 4096 {
            recentPolls.removeFirst(oldestPoll)
            oldestPoll = 0
        }
    }
}
