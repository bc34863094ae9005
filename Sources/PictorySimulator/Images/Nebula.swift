/// Glowing gas in front of a field of stars.
enum Nebula {
    static func paint(_ size: ImageSize, _ dice: inout SplitMix64) -> Raster {
        let gases: [[UInt32]] = [
            [0x7B2CBF, 0xFF5D8F, 0xFFD6A5], [0x0077B6, 0x48CAE4, 0xFFE8D6], [0x9D0208, 0xF48C06, 0xFFE8A3],
            [0x2D6A4F, 0x52D1A4, 0xE0FBFC], [0x3A0CA3, 0x4895EF, 0xF9B5E1],
        ]
        let gas = dice.pick(gases).map { Colour(hex: $0) }
        let second = Colour(hex: dice.pick(gases)[1])
        let (width, height) = (size.width, size.height)
        let clouds = GradientNoise(&dice)
        let dust = GradientNoise(&dice)
        let scale = dice.float(1.2, 2.0)
        let span = Float(width) / Float(height)
        let (coreX, coreY) = (dice.float(0.3, 0.7) * span, dice.float(0.35, 0.65))
        let tilt = dice.float(-1, 1)
        let density = Field(width: width, height: height, step: 4) { x, y in
            let bend = clouds.layered(x * scale + 3, y * scale, octaves: 2)
            let billow = clouds.layered(x * scale + bend * 1.4, y * scale - bend * 1.1 + 8, octaves: 6)
            let (dx, dy) = (x - coreX, y - coreY + (x - coreX) * tilt * 0.6)
            return 0.74 + billow * 1.5 - (dx * dx * 0.6 + dy * dy * 2.0) * 0.9
        }
        let lanes = Field(width: width, height: height, step: 4) { x, y in
            let bend = dust.layered(x * 1.7, y * 1.7, octaves: 2)
            return dust.layered(x * 2.4 + bend, y * 2.4 + bend * 1.6, octaves: 5)
        }
        let night = Colour(hex: 0x05060F)
        var raster = Raster(width: width, height: height) { column, row in
            let amount = clamp(density.value(column, row), 0, 1.25)
            let lane = lanes.value(column, row)
            let veil = smooth(lane, from: 0.05, to: 0.34) * 0.8
            let outer = gas[0].mixed(with: second, smooth(lane, from: -0.35, to: 0.1) * 0.45)
            let glow = outer * (amount * amount * 0.85) + gas[1] * (amount * amount * amount * 0.62)
            let core = gas[2] * smooth(amount, from: 0.6, to: 1.2) * 0.85
            let light = (glow + core) * (1 - veil)
            // Bright cores keep their colour instead of burning out to white.
            return night + light / (light * 0.5 + 0.72)
        }
        addStars(to: &raster, &dice)
        return raster
    }

    private static func addStars(to raster: inout Raster, _ dice: inout SplitMix64) {
        let hues: [UInt32] = [0xFFFFFF, 0xCFE2FF, 0xFFE9C9, 0xFFD2B8]
        let area = raster.width * raster.height
        for _ in 0..<(area / 1400 + 10) {
            let brightness = Float(dice.unit() * dice.unit())
            raster.blend(
                Colour(hex: dice.pick(hues)), 0.12 + 0.85 * brightness,
                column: dice.integer(0, raster.width - 1), row: dice.integer(0, raster.height - 1))
        }
        for _ in 0..<16 {
            let (column, row) = (dice.integer(0, raster.width - 1), dice.integer(0, raster.height - 1))
            let reach = dice.float(0.008, 0.024) * Float(raster.height)
            let hue = Colour(hex: dice.pick(hues))
            let extent = Int(reach) + 1
            for down in -extent...extent {
                for across in -extent...extent {
                    let (dx, dy) = (Float(across), Float(down))
                    let squared = (dx * dx + dy * dy) / (reach * reach)
                    let spike = 0.04 / (abs(dx * dy) / reach + 0.35) * max(0, 1 - squared)
                    let halo = 0.05 / (squared * 3 + 0.03) * max(0, 1 - squared)
                    raster.blend(hue, min(spike + halo, 1), column: column + across, row: row + down)
                }
            }
        }
    }
}
