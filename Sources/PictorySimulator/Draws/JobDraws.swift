/// Every number that is drawn for one job, addressed by topic and position.
///
/// A draw is looked up, not taken in turn, so the order in which requests arrive changes nothing.
struct JobDraws: Sendable {
    /// What a number is drawn for; the raw values keep the topics apart for good.
    enum Topic: UInt64 {
        case life = 1
        case outcome, variant, credits, size, style, picture, declaredSize
        case pollFault, pollFaultKind, imageFault, imageFaultKind, expiry, position, latency
    }

    private let base: UInt64

    init(seed: UInt64, job: JobID) {
        base = SplitMix64.mix(SplitMix64.mix(seed ^ job.high) &+ 0x632B_E59B_D9B4_E019 ^ job.low)
    }

    func bits(_ topic: Topic, _ index: Int = 0) -> UInt64 {
        let offset = topic.rawValue << 32 | UInt64(truncatingIfNeeded: UInt32(truncatingIfNeeded: index))
        return SplitMix64.mix(base ^ SplitMix64.mix(offset))
    }

    /// A number from 0 up to, not including, 1.
    func unit(_ topic: Topic, _ index: Int = 0) -> Double {
        Double(bits(topic, index) >> 11) * 0x1p-53
    }

    /// A whole number from 0 up to, not including, `count`.
    func choice(of count: Int, _ topic: Topic, _ index: Int = 0) -> Int {
        Int(bits(topic, index) % UInt64(count))
    }

    func element<Element>(of list: [Element], _ topic: Topic, _ index: Int = 0) -> Element {
        list[choice(of: list.count, topic, index)]
    }
}
