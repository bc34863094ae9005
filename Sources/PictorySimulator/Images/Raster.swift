/// Eight bits of red, green and blue for every pixel, row by row.
struct Raster: Sendable, Equatable {
    let width: Int
    let height: Int
    var bytes: [UInt8]

    /// Colours every pixel by calling `colourAt` with its column and row.
    @inline(__always)
    init(width: Int, height: Int, colourAt: (_ column: Int, _ row: Int) -> Colour) {
        self.width = width
        self.height = height
        bytes = [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, count in
            var offset = 0
            for row in 0..<height {
                for column in 0..<width {
                    let level = colourAt(column, row).clamped(lowerBound: .zero, upperBound: .one) * 255 + 0.5
                    buffer[offset] = UInt8(level.x)
                    buffer[offset + 1] = UInt8(level.y)
                    buffer[offset + 2] = UInt8(level.z)
                    offset += 3
                }
            }
            count = offset
        }
    }

    /// Lays a colour over one pixel; positions outside the raster are passed over.
    @inline(__always)
    mutating func blend(_ colour: Colour, _ opacity: Float, column: Int, row: Int) {
        guard column >= 0, row >= 0, column < width, row < height, opacity > 0.004 else { return }
        let offset = (row * width + column) * 3
        let old = Colour(Float(bytes[offset]), Float(bytes[offset + 1]), Float(bytes[offset + 2]))
        let mixed = old + (colour * 255 - old) * min(opacity, 1)
        let new = mixed.clamped(lowerBound: .zero, upperBound: Colour(repeating: 255))
        bytes[offset] = UInt8(new.x)
        bytes[offset + 1] = UInt8(new.y)
        bytes[offset + 2] = UInt8(new.z)
    }
}
