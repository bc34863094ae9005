import Glibc

/// Thousands of brush strokes that follow the currents of an unseen field.
enum Flow {
    static func paint(_ size: ImageSize, _ dice: inout SplitMix64) -> Raster {
        let palettes: [(paper: UInt32, inks: [UInt32])] = [
            (0xF7F1E3, [0x264653, 0x2A9D8F, 0xE9C46A, 0xF4A261, 0xE76F51]),
            (0x0E1428, [0x7B9E89, 0xF0A202, 0xF18805, 0xD95D39, 0xA2D2FF]),
            (0x10002B, [0x5A189A, 0xC77DFF, 0xFF9E00, 0xFF5400, 0xE0AAFF]),
            (0xFAF3DD, [0x1D3557, 0x457B9D, 0xA8DADC, 0xE63946, 0xF4A7A0]),
            (0x0B2027, [0x40798C, 0x70A9A1, 0xCFD7C7, 0xF6F1D1, 0xEF6F6C]),
        ]
        let palette = dice.pick(palettes)
        let (width, height) = (size.width, size.height)
        let noise = GradientNoise(&dice)
        let scale = dice.float(0.7, 1.4)
        let turns = dice.float(1.1, 2.0) * Float.pi
        let paper = Colour(hex: palette.paper)
        let inks = Gradient(hex: palette.inks)
        var raster = Raster(width: width, height: height) { column, row in
            let dx = Float(column) / Float(width) - 0.5
            let dy = Float(row) / Float(height) - 0.5
            return paper * (1.04 - (dx * dx + dy * dy) * 0.28)
        }
        let unit = 1 / Float(height)
        let span = Float(width) * unit
        let strokes = Int(2100 * span)
        for stroke in 0..<strokes {
            var (x, y) = (dice.float(-0.05, span + 0.05), dice.float(-0.05, 1.05))
            // Broad strokes lie at the bottom, hair-fine ones on top.
            let age = Float(stroke) / Float(strokes)
            let radius = (0.0052 - 0.0036 * age) * dice.float(0.6, 1.4) * Float(height)
            let shade = 0.5 + 1.5 * noise.layered(x * 1.1 + 40, y * 0.9, octaves: 2) + dice.float(-0.16, 0.16)
            let ink = inks.colour(at: shade) * dice.float(0.88, 1.1)
            let length = dice.integer(18, 56)
            let advance = max(radius * 0.7, 0.6) * unit
            for step in 0..<length {
                let angle = noise.layered(x * scale, y * scale, octaves: 2) * turns
                x += cosf(angle) * advance
                y += sinf(angle) * advance
                let progress = Float(step) / Float(length)
                let taper = smooth(min(progress, 1 - progress) * 4)
                dab(&raster, ink, x * Float(height), y * Float(height), radius * taper, 0.62)
            }
        }
        return raster
    }

    private static func dab(
        _ raster: inout Raster, _ ink: Colour, _ x: Float, _ y: Float, _ radius: Float, _ opacity: Float
    ) {
        let left = Int((x - radius - 0.5).rounded(.down))
        let right = Int((x + radius + 0.5).rounded(.up))
        let top = Int((y - radius - 0.5).rounded(.down))
        let bottom = Int((y + radius + 0.5).rounded(.up))
        for row in top...bottom {
            for column in left...right {
                let dx = Float(column) + 0.5 - x
                let dy = Float(row) + 0.5 - y
                let cover = clamp(radius + 0.5 - (dx * dx + dy * dy).squareRoot(), 0, 1)
                raster.blend(ink, cover * opacity, column: column, row: row)
            }
        }
    }
}
