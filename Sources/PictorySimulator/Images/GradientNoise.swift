/// Smooth random hills over the plane, about −1 to 1, made of slopes hashed from the lattice points.
struct GradientNoise: Sendable {
    private let seed: UInt32

    init(_ dice: inout SplitMix64) {
        seed = UInt32(truncatingIfNeeded: dice.next())
    }

    @inline(__always)
    func value(_ x: Float, _ y: Float) -> Float {
        let floorX = x.rounded(.down)
        let floorY = y.rounded(.down)
        let column = Int32(floorX)
        let row = Int32(floorY)
        let dx = x - floorX
        let dy = y - floorY
        let shareX = dx * dx * dx * (dx * (dx * 6 - 15) + 10)
        let shareY = dy * dy * dy * (dy * (dy * 6 - 15) + 10)
        let top = slope(column, row, dx, dy)
        let topRight = slope(column &+ 1, row, dx - 1, dy)
        let bottom = slope(column, row &+ 1, dx, dy - 1)
        let bottomRight = slope(column &+ 1, row &+ 1, dx - 1, dy - 1)
        let upper = top + (topRight - top) * shareX
        let lower = bottom + (bottomRight - bottom) * shareX
        return (upper + (lower - upper) * shareY) * 1.2
    }

    /// Several sizes of hills on top of each other, each half as high as the one before.
    @inline(__always)
    func layered(_ x: Float, _ y: Float, octaves: Int) -> Float {
        var sum: Float = 0
        var height: Float = 0.5
        var (px, py) = (x, y)
        for _ in 0..<octaves {
            sum += value(px, py) * height
            height *= 0.5
            // Turned a little each time, so that no lattice shows through.
            (px, py) = (1.6 * px - 1.2 * py + 17.3, 1.2 * px + 1.6 * py - 9.1)
        }
        return sum
    }

    /// Sharp crests instead of round hills, from 0 to about 1.
    func crested(_ x: Float, _ y: Float, octaves: Int) -> Float {
        var sum: Float = 0
        var height: Float = 0.5
        var (px, py) = (x, y)
        for _ in 0..<octaves {
            sum += (1 - abs(value(px, py)) * 1.6) * height
            height *= 0.48
            (px, py) = (px * 2.03 + 5.2, py * 2.03 + 1.3)
        }
        return sum
    }

    /// A number from 0 to 1 that belongs to one lattice point.
    @inline(__always)
    func cell(_ column: Int, _ row: Int, _ salt: UInt32 = 0) -> Float {
        Float(hash(Int32(truncatingIfNeeded: column), Int32(truncatingIfNeeded: row), salt) >> 8) * 0x1p-24
    }

    @inline(__always)
    private func hash(_ column: Int32, _ row: Int32, _ salt: UInt32 = 0) -> UInt32 {
        var mixed = seed &+ salt &* 0x9E37_79B9
        mixed ^= UInt32(bitPattern: column) &* 0x85EB_CA6B
        mixed = (mixed ^ mixed >> 15) &* 0x2C1B_3C6D
        mixed ^= UInt32(bitPattern: row) &* 0xC2B2_AE35
        mixed = (mixed ^ mixed >> 13) &* 0x297A_2D39
        return mixed ^ mixed >> 16
    }

    @inline(__always)
    private func slope(_ column: Int32, _ row: Int32, _ dx: Float, _ dy: Float) -> Float {
        let bits = hash(column, row)
        let slopeX = Float(Int32(bits & 0xFFFF) - 32768) * 0x1p-15
        let slopeY = Float(Int32(bits >> 16) - 32768) * 0x1p-15
        return slopeX * dx + slopeY * dy
    }
}
