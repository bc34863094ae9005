/// Northern lights over a dark forest and snow.
enum Aurora {
    static func paint(_ size: ImageSize, _ dice: inout SplitMix64) -> Raster {
        let lights: [[UInt32]] = [
            [0x3DF5A7, 0x2BD4C4, 0x7A5CFF], [0x7CFFCB, 0x5AB9EA, 0xC56CF0], [0x9BF76B, 0x38E8A0, 0xF25CA2],
            [0x4DEBFF, 0x4F8CFF, 0xB15CFF],
        ]
        let light = Gradient(hex: dice.pick(lights)).table(128)
        let night = Gradient(hex: [0x050A1C, 0x0B1B38, 0x14324F]).table(256)
        let (width, height) = (size.width, size.height)
        let unit = 1 / Float(height)
        let noise = GradientNoise(&dice)
        let trees = GradientNoise(&dice)
        let ground = dice.float(0.86, 0.93)
        let reach = dice.float(0.34, 0.46)
        let bands = 3
        var feet: [Float] = []
        var strengths: [Float] = []
        for band in 0..<bands {
            let level = dice.float(0.36, 0.50) + 0.12 * Float(band)
            let shift = dice.float(0, 30)
            for column in 0..<width {
                let x = Float(column) * unit
                let sway = noise.layered(x * 0.9 + shift, Float(band) * 5, octaves: 3)
                feet.append(level + sway * 0.55)
                // Fine pleats within a slow swelling and fading.
                let pleat = 0.62 + 0.55 * noise.layered(x * 11 + sway * 9 + shift, 3.3, octaves: 3)
                let swell = smooth(0.55 + noise.value(x * 1.1 + shift, Float(band) * 3 + 9) * 0.9)
                strengths.append(max(0, pleat * swell) * (1.35 - 0.25 * Float(band)))
            }
        }
        var tops: [Float] = []
        var hills: [Float] = []
        for column in 0..<width {
            let x = Float(column) * unit
            let hill = ground - 0.07 + trees.layered(x * 1.1, 2, octaves: 4) * 0.1
            let place = x * 38 + trees.value(x * 9, 11) * 1.6
            let stem = place.rounded(.down)
            let across = min(abs(place - stem - 0.5) * 2.2, 1)
            let tree = (0.015 + 0.075 * trees.cell(Int(stem), 7) * trees.cell(Int(stem), 8) + 0.02) * (1 - across)
            let jag = abs(trees.value(x * 240, 5)) * 0.006
            tops.append((hill + 0.035 - tree - jag) * Float(height))
            hills.append((hill - 0.05 - trees.layered(x * 2.2, 40, octaves: 4) * 0.09) * Float(height))
        }
        var raster = Raster(width: width, height: height) { column, row in
            let y = Float(row) * unit
            let wood = clamp(Float(row) + 0.5 - tops[column], 0, 1)
            let far = clamp(Float(row) + 0.5 - hills[column], 0, 1)
            var glow = Colour.zero
            for band in 0..<bands {
                let above = feet[band * width + column] - y
                guard above > -0.05, above < reach else { continue }
                let rise = clamp(above / reach, 0, 1)
                let foot = smooth(above, from: -0.03, to: 0.012)
                let fade = (1 - rise) * (1 - rise)
                glow += light[Int(rise * 127)] * (strengths[band * width + column] * foot * fade)
            }
            let sky = night[Int(min(y / ground, 1) * 255)] + glow * 0.95
            let snow = Colour(hex: 0x27466B).mixed(with: Colour(hex: 0x3FA58F), 0.25) * (1.15 - (y - 0.6) * 1.3)
            let colour = sky.mixed(with: snow * 0.62, far)
            return colour.mixed(with: Colour(hex: 0x060D16), wood)
        }
        for _ in 0..<(width * height / 2600 + 12) {
            let column = dice.integer(0, width - 1)
            let row = dice.integer(0, height - 1)
            let brightness = Float(dice.unit() * dice.unit()) * 0.9 + 0.08
            guard Float(row) < hills[column] - 3, Float(row) < tops[column] - 3 else { continue }
            raster.blend(Colour(hex: 0xF3F6FF), brightness, column: column, row: row)
        }
        return raster
    }
}
