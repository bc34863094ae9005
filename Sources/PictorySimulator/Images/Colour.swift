/// Red, green and blue from 0 to 1, as a screen shows them.
typealias Colour = SIMD3<Float>

extension SIMD3 where Scalar == Float {
    /// A colour written the way a palette is: `0xRRGGBB`.
    init(hex: UInt32) {
        self.init(Float(hex >> 16 & 255) / 255, Float(hex >> 8 & 255) / 255, Float(hex & 255) / 255)
    }

    @inline(__always)
    func mixed(with other: Colour, _ share: Float) -> Colour {
        self + (other - self) * share
    }
}

/// Colours that follow one another at equal distances.
struct Gradient: Sendable {
    private let stops: [Colour]

    init(_ stops: [Colour]) {
        self.stops = stops
    }

    init(hex stops: [UInt32]) {
        self.init(stops.map { Colour(hex: $0) })
    }

    /// The colour at a place from 0 to 1.
    func colour(at place: Float) -> Colour {
        let scaled = clamp(place, 0, 1) * Float(stops.count - 1)
        let index = min(Int(scaled), stops.count - 2)
        return stops[index].mixed(with: stops[index + 1], smooth(scaled - Float(index)))
    }

    /// The same gradient as a table, for looking up a million pixels.
    func table(_ count: Int) -> [Colour] {
        (0..<count).map { colour(at: Float($0) / Float(max(count - 1, 1))) }
    }
}

@inline(__always)
func clamp(_ value: Float, _ low: Float, _ high: Float) -> Float {
    min(max(value, low), high)
}

/// The cubic from 0 to 1 that starts and ends level.
@inline(__always)
func smooth(_ value: Float) -> Float {
    let place = clamp(value, 0, 1)
    return place * place * (3 - 2 * place)
}

/// `smooth` between two edges.
@inline(__always)
func smooth(_ value: Float, from low: Float, to high: Float) -> Float {
    smooth((value - low) / (high - low))
}
