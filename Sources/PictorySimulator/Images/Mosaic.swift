/// A stained-glass mosaic: cells around scattered points, leaded at the seams.
enum Mosaic {
    static func paint(_ size: ImageSize, _ dice: inout SplitMix64) -> Raster {
        let palettes: [[UInt32]] = [
            [0x264653, 0x2A9D8F, 0xE9C46A, 0xF4A261, 0xE76F51], [0x0B3954, 0x087E8B, 0xBFD7EA, 0xFF5A5F, 0xC81D25],
            [0x3D1E6D, 0x8E3B8E, 0xE8547A, 0xF9A65A, 0xFCE38A], [0x13315C, 0x3E7CB1, 0x81A4CD, 0xDBE4EE, 0xF17300],
            [0x1B4332, 0x40916C, 0x95D5B2, 0xF6E7A1, 0xD97D54],
        ]
        let colours = Gradient(hex: dice.pick(palettes)).table(256)
        let (width, height) = (size.width, size.height)
        let density = dice.float(9, 16)
        let unit = density / Float(height)
        let noise = GradientNoise(&dice)
        let tide = GradientNoise(&dice)
        let swirl = dice.float(0.3, 0.8)
        let lead = Colour(hex: 0x14121A)
        let columns = Int(Float(width) * unit) + 5
        let rows = Int(density) + 5
        var points: [(x: Float, y: Float)] = []
        var tints: [Colour] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let x = Float(column - 2) + 0.08 + 0.84 * noise.cell(column, row, 1)
                let y = Float(row - 2) + 0.08 + 0.84 * noise.cell(column, row, 2)
                points.append((x, y))
                let wave = 0.5 + 1.15 * tide.layered(x / density * 1.6 * swirl, y / density * 1.6, octaves: 3)
                let spread = (noise.cell(column, row, 3) - 0.5) * 0.34
                let colour = colours[Int(clamp(wave + spread, 0, 1) * 255)]
                tints.append(colour * (0.86 + 0.28 * noise.cell(column, row, 4)))
            }
        }
        return Raster(width: width, height: height) { column, row in
            let x = Float(column) * unit
            let y = Float(row) * unit
            let centre = (Int(y) + 2) * columns + Int(x) + 2
            var nearest: Float = 99
            var second: Float = 99
            var chosen = 0
            for down in -1...1 {
                for across in -1...1 {
                    let index = centre + down * columns + across
                    let dx = points[index].x - x
                    let dy = points[index].y - y
                    let squared = dx * dx + dy * dy
                    if squared < nearest {
                        second = nearest
                        nearest = squared
                        chosen = index
                    } else if squared < second {
                        second = squared
                    }
                }
            }
            let seam = second.squareRoot() - nearest.squareRoot()
            // Light falls from the upper left on slightly domed glass.
            let light = 1 + ((points[chosen].x - x) + (points[chosen].y - y)) * 0.16
            let rim = smooth(seam, from: 0.05, to: 0.05 + unit * 2)
            let bevel = 0.82 + 0.18 * smooth(seam, from: 0.05, to: 0.28)
            return lead.mixed(with: tints[chosen] * (light * bevel), rim)
        }
    }
}
