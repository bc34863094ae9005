/// A quantity over the picture that is worked out on a coarse grid and read smoothly in between.
///
/// Layered noise at every pixel would take most of the time of a picture, and nobody sees the difference.
struct Field: Sendable {
    private let step: Float
    private let columns: Int
    private var values: [Float]

    /// Calls `valueAt` with places measured in picture heights, on a grid of `step` pixels.
    @inline(__always)
    init(width: Int, height: Int, step: Int, valueAt: (_ x: Float, _ y: Float) -> Float) {
        let columns = width / step + 3
        let rows = height / step + 3
        let scale = Float(step) / Float(height)
        values = [Float](unsafeUninitializedCapacity: columns * rows) { buffer, count in
            for row in 0..<rows {
                for column in 0..<columns {
                    buffer[row * columns + column] = valueAt(Float(column) * scale, Float(row) * scale)
                }
            }
            count = columns * rows
        }
        self.columns = columns
        self.step = 1 / Float(step)
    }

    @inline(__always)
    func value(_ column: Int, _ row: Int) -> Float {
        let x = Float(column) * step
        let y = Float(row) * step
        let left = Int(x)
        let top = Int(y)
        let dx = x - Float(left)
        let dy = y - Float(top)
        let index = top * columns + left
        return values.withUnsafeBufferPointer { grid in
            let upper = grid[index] + (grid[index + 1] - grid[index]) * dx
            let lower = grid[index + columns] + (grid[index + columns + 1] - grid[index + columns]) * dx
            return upper + (lower - upper) * dy
        }
    }
}
