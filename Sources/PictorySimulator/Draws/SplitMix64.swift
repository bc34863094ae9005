/// A small random generator whose numbers depend on nothing but its seed.
///
/// The standard library's `Hasher` is seeded per process, and its `random(in:)` may change between releases; everything
/// the simulator promises to repeat is drawn from here instead.
struct SplitMix64: Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SplitMix64.mix(state)
    }

    /// A number from 0 up to, not including, 1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    mutating func float(_ low: Float, _ high: Float) -> Float {
        low + (high - low) * Float(unit())
    }

    /// A whole number from `low` through `high`.
    mutating func integer(_ low: Int, _ high: Int) -> Int {
        low + Int(next() % UInt64(high - low + 1))
    }

    /// One of the elements; the list must not be empty.
    mutating func pick<Element>(_ list: [Element]) -> Element {
        list[integer(0, list.count - 1)]
    }

    /// The finalising step: spreads every input bit over the whole word.
    static func mix(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
