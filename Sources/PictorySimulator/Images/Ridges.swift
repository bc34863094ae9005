/// Mountains behind mountains, paler the farther away, under a low sun.
enum Ridges {
    private struct Mood {
        let sky: Gradient
        let sun: Colour
        let near: Colour

        init(sky: [UInt32], sun: UInt32, near: UInt32) {
            self.sky = Gradient(hex: sky)
            self.sun = Colour(hex: sun)
            self.near = Colour(hex: near)
        }
    }

    static func paint(_ size: ImageSize, _ dice: inout SplitMix64) -> Raster {
        let moods = [
            Mood(sky: [0x2E3A6B, 0x8A6FA8, 0xF2A488, 0xFFDDB0], sun: 0xFFF3D6, near: 0x1B1B36),
            Mood(sky: [0x3C7EA6, 0x8DC3D6, 0xDCEBDD, 0xFBEFD0], sun: 0xFFFBEA, near: 0x12343B),
            Mood(sky: [0x5B2A52, 0xC0506A, 0xF5895D, 0xFFC876], sun: 0xFFF0B8, near: 0x2A0E2B),
            Mood(sky: [0x0D1B3E, 0x2B4C7E, 0x6C8EBF, 0xC5D5E8], sun: 0xF4F7FF, near: 0x070F22),
            Mood(sky: [0x6FA3A0, 0xB9D2B5, 0xF3E5B5, 0xFCCB90], sun: 0xFFFDF0, near: 0x1D3A2E),
        ]
        let mood = dice.pick(moods)
        let (width, height) = (size.width, size.height)
        let unit = 1 / Float(height)
        let horizon = dice.float(0.45, 0.58)
        let sunX = dice.float(0.2, 0.8) * Float(width) * unit
        let sunY = horizon - dice.float(0.08, 0.24)
        let sunRadius = dice.float(0.035, 0.07)

        let count = dice.integer(5, 7)
        var crests: [Float] = []
        var tints: [Colour] = []
        let haze = mood.sky.colour(at: 1)
        for layer in 0..<count {
            let depth = Float(layer) / Float(count - 1)
            let noise = GradientNoise(&dice)
            let base = horizon - 0.04 + (0.84 - horizon + 0.04) * depth
            let reach = 0.34 - 0.10 * depth
            let frequency = 1.3 + 0.9 * depth
            let shift = dice.float(0, 40)
            for column in 0..<width {
                let x = Float(column) * unit * frequency + shift
                let crest = noise.crested(x, Float(layer), octaves: 7)
                let swell = noise.value(x * 0.45, 31.5)
                crests.append((base + 0.14 - crest * reach + swell * 0.06) * Float(height))
            }
            let tint = haze.mixed(with: mood.sky.colour(at: 0.25), 0.35).mixed(with: mood.near, 0.08 + 0.92 * depth)
            // Mist lies in the valleys: each range fades towards the haze below its crest.
            for row in 0..<height {
                let below = clamp((Float(row) * unit - base + 0.08) / 0.3, 0, 1)
                tints.append(tint.mixed(with: haze, below * (0.6 - 0.5 * depth)))
            }
        }
        let sky = mood.sky.table(Int(horizon * Float(height)) + 2)

        return Raster(width: width, height: height) { column, row in
            var colour = Colour.zero
            var open: Float = 1
            for layer in stride(from: count - 1, through: 0, by: -1) {
                let covered = clamp(Float(row) + 0.5 - crests[layer * width + column], 0, 1)
                guard covered > 0 else { continue }
                colour += tints[layer * height + row] * (covered * open)
                open *= 1 - covered
                if open <= 0 { return colour }
            }
            let dx = Float(column) * unit - sunX
            let dy = Float(row) * unit - sunY
            let distance = (dx * dx + dy * dy).squareRoot()
            let disc = smooth((sunRadius - distance) * Float(height) / 2 + 0.5)
            let glow = 0.55 / (1 + distance * distance * 34)
            let behind = sky[min(row, sky.count - 1)].mixed(with: mood.sun, max(glow, disc))
            return colour + behind * open
        }
    }
}
