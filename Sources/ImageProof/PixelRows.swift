/// Checks the inflated pixels of an image, row by row: how many bytes there are, and the filter of each row.
///
/// A pure value: it sees the inflated bytes and keeps none. Section numbers are those of the PNG specification,
/// third edition.
struct PixelRows: Sendable {
    /// Rows of one length: the whole image, or one pass of Adam7.
    private struct Pass {
        /// The filter byte included.
        let rowBytes: Int
        var rows: Int
    }

    /// The passes that are not done, the last one first.
    private var passes: [Pass]
    /// Bytes of the current row that are still to come, once its filter byte is read.
    private var left = 0
    /// Rows whose filter byte has been read.
    private(set) var row = 0

    init(_ header: PNGHeader) {
        let bits = header.bitDepth * header.colorType.samples
        let whole = [(x: 0, y: 0, dx: 1, dy: 1)]
        passes = (header.interlaced ? Self.adam7 : whole).compactMap { pass in
            let width = (header.width - pass.x + pass.dx - 1) / pass.dx
            let rows = (header.height - pass.y + pass.dy - 1) / pass.dy
            // 8.1: a pass without pixels has no rows, and so no filter bytes either.
            guard width > 0, rows > 0 else { return nil }
            // 7.2: a row fills whole bytes; 7.3: one byte in front of it names its filter.
            return Pass(rowBytes: 1 + (width * bits + 7) / 8, rows: rows)
        }.reversed()
    }

    /// Whether every row is complete.
    var isComplete: Bool { passes.isEmpty && left == 0 }

    /// Reads the next inflated bytes, or says which rule they break.
    mutating func consume(_ bytes: UnsafeRawBufferPointer) -> PixelError? {
        var position = 0
        while position < bytes.count {
            if left == 0 {
                guard let last = passes.indices.last else { return .tooLong }
                row += 1
                // 9.2: filter method 0 has the filters 0 to 4.
                guard bytes[position] <= 4 else { return .filterUnknown(row: row) }
                position += 1
                left = passes[last].rowBytes - 1
                passes[last].rows -= 1
                if passes[last].rows == 0 { passes.removeLast() }
            }
            let taken = min(left, bytes.count - position)
            left -= taken
            position += taken
        }
        return nil
    }

    /// 8.1: where the pixels of each pass begin, and how far apart they are.
    private static let adam7 = [
        (x: 0, y: 0, dx: 8, dy: 8), (x: 4, y: 0, dx: 8, dy: 8), (x: 0, y: 4, dx: 4, dy: 8), (x: 2, y: 0, dx: 4, dy: 4),
        (x: 0, y: 2, dx: 2, dy: 4), (x: 1, y: 0, dx: 2, dy: 2), (x: 0, y: 1, dx: 1, dy: 2),
    ]
}

extension PNGHeader.ColorType {
    /// Samples of one pixel (11.2.1).
    fileprivate var samples: Int {
        switch self {
        case .grayscale, .indexed: 1
        case .grayscaleWithAlpha: 2
        case .truecolor: 3
        case .truecolorWithAlpha: 4
        }
    }
}
