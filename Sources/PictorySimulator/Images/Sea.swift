/// The sun going down over open water, with its path of light.
enum Sea {
    static func paint(_ size: ImageSize, _ dice: inout SplitMix64) -> Raster {
        let skies: [[UInt32]] = [
            [0x1E2A5A, 0x5B4A8A, 0xC8647C, 0xF79D65, 0xFFD98A],
            [0x123456, 0x2F6690, 0x81A4CD, 0xF2C6A0, 0xFFE3B3],
            [0x2B1036, 0x7A2350, 0xD1495B, 0xF79256, 0xFBD87F],
            [0x0B2A3C, 0x13505B, 0x3E8E7E, 0xE8C07D, 0xF9E4AD],
        ]
        let gradient = Gradient(hex: dice.pick(skies))
        let (width, height) = (size.width, size.height)
        let unit = 1 / Float(height)
        let horizon = dice.float(0.5, 0.62)
        let sunX = dice.float(0.3, 0.7) * Float(width) * unit
        let sunRadius = dice.float(0.055, 0.085)
        let sunY = horizon - sunRadius * dice.float(0.1, 1.3)
        let sunColour = Colour(hex: 0xFFF4D2)
        let deep = gradient.colour(at: 0.05) * 0.45
        let noise = GradientNoise(&dice)
        let waves = GradientNoise(&dice)
        let sky = gradient.table(512)
        let cloudiness = dice.float(-0.05, 0.12)
        let clouds = Field(width: width, height: height, step: 4) { x, y in
            // Clouds flatten towards the horizon, as they do from below.
            let distance = 1 / max(horizon - y + 0.12, 0.05)
            return noise.layered(x * 0.7 + x * distance * 0.16, distance * 1.5 + y * 3, octaves: 5)
        }

        func skyColour(_ x: Float, _ y: Float, _ cloud: Float) -> Colour {
            let place = clamp(y / horizon, 0, 1)
            let base = sky[Int(place * 511)]
            let dx = x - sunX
            let dy = y - sunY
            let squared = dx * dx + dy * dy * 1.6
            let glow = 0.6 / (1 + squared * 22)
            let cover = smooth(cloud + cloudiness, from: 0.0, to: 0.34) * (0.9 - 0.35 * place)
            let lit = gradient.colour(at: min(place + 0.32, 1)).mixed(with: sunColour, glow * 0.5)
            let dark = sky[Int(place * 300)] * 0.78
            let edge = smooth(cloud + cloudiness, from: 0.08, to: 0.3)
            return base.mixed(with: sunColour, glow).mixed(with: lit.mixed(with: dark, edge), cover)
        }

        return Raster(width: width, height: height) { column, row in
            let x = Float(column) * unit
            let y = Float(row) * unit
            if y < horizon {
                let colour = skyColour(x, y, clouds.value(column, row))
                let dx = x - sunX
                let dy = y - sunY
                let disc = smooth((sunRadius - (dx * dx + dy * dy).squareRoot()) * Float(height) / 2 + 0.5)
                return colour.mixed(with: sunColour, disc * 0.96)
            }
            let depth = (y - horizon) / (1 - horizon)
            let distance = 1 / (depth + 0.035)
            let wave = waves.value(x * (3 + distance * 1.4), distance * 5.5)
            let ripple = waves.value(x * (11 + distance * 4.5) + 7, distance * 21)
            let height = wave * 0.62 + ripple * 0.38
            let mirrored = clamp(horizon - (y - horizon) * 0.9 + height * (0.05 + depth * 0.22), 0, horizon)
            let place = mirrored / horizon
            let base = sky[Int(place * 511)].mixed(with: deep, 0.22 + depth * 0.5)
            let shade = base * (1 + height * (0.25 + 0.3 * depth))
            let spread = sunRadius * (0.55 + depth * 1.9)
            let offset = (x - sunX) / spread
            let path = 1 / (1 + offset * offset * offset * offset)
            let sparkle = smooth(height, from: -0.12 + depth * 0.22, to: 0.3 + depth * 0.12)
            return shade.mixed(with: sunColour.mixed(with: sky[470], 0.35), path * sparkle * (1 - depth * 0.3))
        }
    }
}
