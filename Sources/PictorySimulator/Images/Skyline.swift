/// A city at night with lit windows, standing over still water.
enum Skyline {
    private struct Row {
        var top: [Float]
        var start: [Float]
        var building: [Int]
        let tint: Colour
        let litShare: Float
        let cell: Float
    }

    static func paint(_ size: ImageSize, _ dice: inout SplitMix64) -> Raster {
        let skies: [[UInt32]] = [
            [0x070B1F, 0x18204A, 0x4B3F72, 0xB5656B], [0x04121F, 0x0B2A45, 0x1F5A70, 0x7FB7A6],
            [0x120A24, 0x34164F, 0x7A2E68, 0xE0795A], [0x05070F, 0x101A33, 0x28406B, 0x6F86B8],
        ]
        let gradient = Gradient(hex: dice.pick(skies))
        let (width, height) = (size.width, size.height)
        let unit = 1 / Float(height)
        let shore = dice.float(0.76, 0.84)
        let span = Float(width) * unit
        let glowColour = gradient.colour(at: 1)
        let noise = GradientNoise(&dice)
        let rows = (0..<3).map { layer in
            let tint = gradient.colour(at: 0.62 - 0.3 * Float(layer))
            return row(layer, width: width, span: span, shore: shore, tint: tint, &dice)
        }
        let moonX = dice.float(0.12, 0.88) * span
        let moonY = dice.float(0.1, 0.24)
        let moonRadius = dice.float(0.03, 0.05)
        let sky = gradient.table(512)

        func upper(_ column: Int, _ y: Float) -> Colour {
            let x = Float(column) * unit
            for layer in stride(from: 2, through: 0, by: -1) where y >= rows[layer].top[column] {
                let row = rows[layer]
                let body = row.tint.mixed(with: glowColour, smooth((y - shore + 0.3) / 0.5) * 0.16)
                let across = (x - row.start[column]) / row.cell
                let down = (y - row.top[column]) / (row.cell * 1.35) - 0.6
                let window = (Int(across.rounded(.down)), Int(down.rounded(.down)))
                let inside = (across - across.rounded(.down), down - down.rounded(.down))
                let chance = noise.cell(window.0 &+ row.building[column] &* 97, window.1, 3)
                // Whole floors are dark or busy together, which reads as a building and not as static.
                let floor = noise.cell(row.building[column], window.1, 9)
                guard down > 0, chance < row.litShare * (0.35 + 1.3 * floor) else { return body }
                let edge = smooth(inside.0, from: 0.12, to: 0.3) * smooth(1 - inside.0, from: 0.12, to: 0.3)
                let frame = edge * smooth(inside.1, from: 0.2, to: 0.36) * smooth(1 - inside.1, from: 0.2, to: 0.36)
                let warm = noise.cell(window.0, row.building[column], 5)
                let lamp = Colour(hex: 0xFFD58A).mixed(with: Colour(hex: warm > 0.8 ? 0xBFE3FF : 0xFFB46B), warm)
                return body.mixed(with: lamp, frame * (0.5 + 0.16 * Float(layer)))
            }
            let colour = sky[Int(clamp(y / shore, 0, 1) * 511)]
            let dx = x - moonX
            let dy = y - moonY
            let distance = (dx * dx + dy * dy).squareRoot()
            let disc = smooth((moonRadius - distance) * Float(height) / 2 + 0.5)
            let halo = 0.22 / (1 + distance * distance * 120)
            return colour.mixed(with: Colour(hex: 0xFFF6DF), max(disc * 0.97, halo))
        }

        var raster = Raster(width: width, height: height) { column, row in
            let y = Float(row) * unit
            if y < shore { return upper(column, y) }
            let depth = (y - shore) / (1 - shore)
            let ripple = noise.value(Float(column) * unit * 9, depth * 38 + 3) * (0.003 + 0.016 * depth)
            let shifted = min(max(column + Int(ripple * Float(height)), 0), width - 1)
            let mirrored = upper(shifted, shore - (y - shore) * 1.5 + ripple * 1.5)
            return mirrored.mixed(with: sky[40], 0.3 + 0.32 * depth)
        }
        addStars(to: &raster, below: shore, rows: rows, &dice)
        return raster
    }

    private static func row(
        _ layer: Int, width: Int, span: Float, shore: Float, tint: Colour, _ dice: inout SplitMix64
    ) -> Row {
        let depth = Float(layer) / 2
        let unit = span / Float(width)
        var row = Row(
            top: [], start: [], building: [], tint: tint * (1 - 0.5 * depth), litShare: 0.2 + 0.14 * depth,
            cell: 0.0085 + 0.0045 * depth)
        var edge = -dice.float(0, 0.05)
        var number = layer * 1000
        while row.top.count < width {
            let cells = Float(dice.integer(4, 9))
            let tall = dice.unit() < 0.2
            let rise = (tall ? dice.float(0.38, 0.58) : dice.float(0.16, 0.4)) * (1.05 - 0.5 * depth)
            let spire = tall && dice.unit() < 0.6
            let end = edge + cells * row.cell
            let middle = (edge + end) / 2
            while row.top.count < width, Float(row.top.count) * unit < end {
                let offset = abs(Float(row.top.count) * unit - middle)
                let crown = spire ? max(0, 0.022 - offset * 0.9) + (offset < 0.0014 ? 0.05 : 0) : 0
                row.top.append(shore - rise - crown)
                row.start.append(edge)
                row.building.append(number)
            }
            edge = end + (dice.unit() < 0.3 ? dice.float(0, 0.012) : 0)
            number += 1
        }
        return row
    }

    private static func addStars(to raster: inout Raster, below shore: Float, rows: [Row], _ dice: inout SplitMix64) {
        for _ in 0..<160 {
            let column = dice.integer(0, raster.width - 1)
            let y = dice.float(0, shore * 0.6)
            let brightness = dice.float(0.15, 0.8)
            guard rows.allSatisfy({ y < $0.top[column] - 0.01 }) else { continue }
            raster.blend(Colour(hex: 0xF4F1E6), brightness, column: column, row: Int(y * Float(raster.height)))
        }
    }
}
