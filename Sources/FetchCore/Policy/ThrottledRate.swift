/// The rate that a server seems to allow, requests a second: it grows while requests wait for it, and a refusal cuts it.
///
/// Nobody tells the limit, and many copies of this program may share it, each with this rate of its own. A copy knows
/// nothing of the others but what its own refusals say. This is additive increase and multiplicative decrease, as in
/// TCP (RFC 5681): every copy grows by the same amount, and who is faster is refused more often and loses more. So the
/// rates meet. What differs from TCP has these reasons:
/// - **A refusal costs more than a lost packet**: a pause of a second or more. So the rate grows slowly, by one request a
///   second in two minutes. 64 copies that share 50 requests a second then meet 4 refusals in 100 requests.
/// - **The cut depends on the rate.** It is 40 % at one request a second. At higher rates it is smaller: a copy that has
///   a limit for itself loses little of it. At lower rates it is smaller too: if refusals have nothing to do with the
///   rate, the rate ends somewhere bearable.
/// - **At first everything is larger.** The first rate is a guess. It grows by a third in each second until it is refused.
///   The first cut is a half, and from then on growth and cuts fade within half a minute.
/// - **Long peace ends slowness.** After 75 seconds without a refusal, growth rises with the fourth power of the time, as
///   CUBIC's does with the third (RFC 9438): the limit was raised, or other copies have come to their end.
struct ThrottledRate: Sendable {
    /// Requests a second.
    private(set) var value: Double
    /// Seconds for which requests have waited for this rate since its first cut; nil before.
    private var sinceFirstCut: Double?
    /// The same since the last cut.
    private var sinceCut = 0.0

    /// A rate below which it does not fall: a pause after each refusal slows down further than this.
    private static let least = 0.2
    /// What the first refusal leaves of the rate that the server has answered.
    private static let firstPart = 0.85
    /// Growth, requests a second in each second.
    private static let growth = 0.008
    /// The first growth: so much, or this part of the rate if that is more.
    private static let firstGrowth = (least: 2.0, part: 0.3)
    /// After so many seconds the first growth has fallen to a sixteenth, and the first cut to a quarter.
    private static let fading = (growth: 10.0, cut: 30.0)
    /// Seconds without a refusal from which on growth rises.
    private static let peace = 75.0
    /// The part of the rate that a refusal takes: first, and later at least, and at one request a second.
    private static let cut = (first: 0.5, least: 0.07, most: 0.4)

    /// The rate after the first refusal, when so many requests a second were answered.
    init(answered: Double) {
        value = max(Self.least, answered * Self.firstPart)
    }

    /// Grows for a time in which requests waited for the rate. What is not asked for is not known to be allowed.
    mutating func grow(for seconds: Double) {
        sinceCut += seconds
        if let since = sinceFirstCut { sinceFirstCut = since + seconds }
        let first = max(Self.firstGrowth.least, value * Self.firstGrowth.part)
        let fade = 1 + (sinceFirstCut ?? 0) / Self.fading.growth
        let late = max(1, sinceCut / Self.peace)
        value += seconds * max(first / power4(fade), Self.growth * power4(late))
    }

    /// Falls to what is used, if that is less.
    mutating func lower(to used: Double) { value = max(Self.least, min(value, used)) }

    /// Falls after a refusal.
    mutating func cut() {
        let fade = 1 + (sinceFirstCut ?? 0) / Self.fading.cut
        let lasting = max(Self.cut.least, Self.cut.most * min(value, 1 / value).squareRoot())
        value = max(Self.least, value * (1 - max(Self.cut.first / (fade * fade), lasting)))
        sinceFirstCut = sinceFirstCut ?? 0
        sinceCut = 0
    }

    private func power4(_ base: Double) -> Double { base * base * base * base }
}
