/// Polished stone: noise that bends noise, with bright veins along its folds.
enum Marble {
    static func paint(_ size: ImageSize, _ dice: inout SplitMix64) -> Raster {
        let stones: [([UInt32], UInt32)] = [
            ([0x0B132B, 0x1C2541, 0x3A506B, 0x5BC0BE, 0xE8F1F2], 0xF0C87A),
            ([0x2D0A1F, 0x6B1839, 0xB23A48, 0xFCB9B2, 0xFED0BB], 0xFFE9C7),
            ([0x0A2E2A, 0x11635B, 0x2FA084, 0xA7E0C4, 0xF3FAF3], 0xE7C56B),
            ([0x1F1A38, 0x4A3F78, 0x8C7AA9, 0xD9C8E0, 0xFFF7F0], 0xF2B880),
            ([0x2B2118, 0x6B4F35, 0xB98B5E, 0xE8D3B0, 0xFBF5EA], 0x9A3B26),
        ]
        let stone = dice.pick(stones)
        let colours = Gradient(hex: stone.0).table(1024)
        let vein = Colour(hex: stone.1)
        let (width, height) = (size.width, size.height)
        let first = GradientNoise(&dice)
        let second = GradientNoise(&dice)
        let scale = dice.float(1.1, 1.9)
        let bend = dice.float(1.3, 2.2)
        var folds: [Float] = []
        let body = Field(width: width, height: height, step: 4) { x, y in
            let (px, py) = (x * scale, y * scale)
            let qx = first.layered(px, py, octaves: 3)
            let qy = first.layered(px + 5.2, py + 1.3, octaves: 3)
            let rx = second.layered(px + bend * qx + 1.7, py + bend * qy + 9.2, octaves: 3)
            folds.append(rx + qy * 0.5)
            return second.layered(px + bend * rx, py + bend * qx + 2.8, octaves: 4)
        }
        var next = 0
        let crease = Field(width: width, height: height, step: 4) { _, _ in
            defer { next += 1 }
            return folds[next]
        }
        let sharpness = dice.float(16, 24)
        return Raster(width: width, height: height) { column, row in
            let tone = body.value(column, row)
            let fold = crease.value(column, row)
            let place = clamp(0.5 + tone * 1.15 + fold * 0.18, 0, 1)
            let thread = max(0, 1 - abs(fold + tone * 0.35) * sharpness)
            let hair = max(0, 1 - abs(tone - 0.18) * sharpness * 3)
            return colours[Int(place * 1023)].mixed(with: vein, min(thread * thread * 0.85 + hair * 0.35, 0.92))
        }
    }
}
