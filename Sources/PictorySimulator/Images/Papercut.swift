/// Sheets of coloured paper cut along the contours of hills, each throwing a shadow on the one below.
enum Papercut {
    static func paint(_ size: ImageSize, _ dice: inout SplitMix64) -> Raster {
        let papers: [[UInt32]] = [
            [0x03254C, 0x1167B1, 0x2A9DF4, 0xD0EFFF, 0xFFF6E5], [0x461220, 0x8C2F39, 0xB23A48, 0xFCB9B2, 0xFED0BB],
            [0x10451D, 0x1A7431, 0x6EDE8A, 0xD8F3A6, 0xFFF9D6], [0x231942, 0x5E548E, 0x9F86C0, 0xE0B1CB, 0xFFF0F3],
            [0x003049, 0xD62828, 0xF77F00, 0xFCBF49, 0xEAE2B7], [0x05445E, 0x189AB4, 0x75E6DA, 0xF6D6AD, 0xFF8A5B],
        ]
        let gradient = Gradient(hex: dice.pick(papers))
        let count = dice.integer(8, 12)
        let sheets = gradient.table(count)
        let (width, height) = (size.width, size.height)
        let noise = GradientNoise(&dice)
        let scale = dice.float(1.2, 2.1)
        let hills = Field(width: width, height: height, step: 4) { x, y in
            let bend = noise.value(x * 0.8 + 3, y * 0.8)
            return (0.5 + 1.35 * noise.layered(x * scale + bend * 0.5, y * scale, octaves: 3)) * Float(count)
        }
        let offset = max(height / 90, 1)
        let fibre = GradientNoise(&dice)
        return Raster(width: width, height: height) { column, row in
            let hill = clamp(hills.value(column, row), 0.01, Float(count) - 0.01)
            let level = Int(hill)
            // The slope turns a distance in height into one in pixels, for an even edge.
            let near = hills.value(column + 1, row) - hill
            let under = hills.value(column, row + 1) - hill
            let slope = max((near * near + under * under).squareRoot(), 0.0004)
            let fromEdge = (hill - Float(level)) / slope
            var colour = sheets[level]
            if level > 0 {
                colour = sheets[level - 1].mixed(with: colour, clamp(fromEdge, 0, 1))
            }
            // Light comes from the upper left: whatever is higher over there darkens this place.
            let left = max(column - offset, 0)
            let above = max(row - offset, 0)
            let far = hills.value(max(column - offset * 2, 0), max(row - offset * 2, 0))
            let caster = max(hills.value(left, above), (far + hill) / 2)
            let shadow = smooth(caster - Float(level + 1), from: -0.06, to: 0.16)
            let rim = level > 0 ? max(0, 1 - abs(fromEdge - 2) / 2) * 0.16 : 0
            let grain = 0.99 + 0.02 * fibre.cell(column / 2, row / 3)
            return (colour * (1 - 0.38 * shadow) + Colour(repeating: rim)) * grain
        }
    }
}
