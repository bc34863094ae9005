/// How a night at the API goes, apart from the fixture ids, which behave alike in most scenarios.
public enum Scenario: String, CaseIterable, Sendable {
    /// Every job ends with a good image.
    case calm
    /// Most jobs are finished, some take long, and a few end in every other way there is.
    case evening
    /// Good outcomes behind a bad network: refusals, resets, cut and damaged images, expired urls.
    case storm
    /// Every job needs 1 to 12 polls that lie at least ten virtual seconds apart.
    case waiting
    /// Good outcomes, but every poll and every image takes its time.
    case busy
    /// The key was revoked: every poll is answered 401.
    case unauthorized
    /// At most 20 polls in a real second; beyond that 429 with `Retry-After: 1`.
    case rateLimited = "rate-limited"
}
