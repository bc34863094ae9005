/// The lines of a manifest: one JSON object for each job, with fields such as a user might keep beside it.
///
/// The same seed gives the same lines on every machine, and a longer manifest begins with the lines of a shorter one.
public struct Manifest: Sequence, IteratorProtocol, Sendable {
    private var left: Int
    private var number = 0
    private var dice: SplitMix64

    public init(jobs: Int, seed: UInt64) {
        left = jobs
        dice = SplitMix64(seed: SplitMix64.mix(seed ^ 0x4D41_4E49_4645_5354))
    }

    /// The next line, without a line break.
    public mutating func next() -> String? {
        guard left > 0 else { return nil }
        left -= 1
        number += 1
        var job = JobID(random: dice.next(), dice.next())
        while Fixture(job) != nil {
            job = JobID(random: dice.next(), dice.next())
        }
        let prompt = "\(dice.pick(Manifest.manners)) \(dice.pick(Manifest.subjects)) \(dice.pick(Manifest.places))"
        var fields: [(String, JSON)] = [("job_id", .string(job.text)), ("prompt", .string(prompt))]
        switch dice.integer(0, 5) {
        case 0: fields.append(("campaign", .string(dice.pick(Manifest.campaigns))))
        case 1:
            fields.append(("scene", .integer(dice.integer(1, 48))))
            fields.append(("approved", .bool(dice.unit() < 0.7)))
        case 2:
            let owner = JSON.object([("team", .string(dice.pick(Manifest.teams))), ("row", .integer(number))])
            fields.append(("owner", owner))
        case 3: fields.append(("model", .string(dice.pick(Manifest.models))))
        case 4: fields.append(("aspectRatio", .string(dice.pick(["1:1", "16:9", "9:16", "4:3"]))))
        default: break
        }
        return JSON.object(fields).text
    }

    private static let manners = [
        "An aquatint of", "A watercolour of", "A wide shot of", "A paper-cut of", "A quiet photograph of",
        "A poster of", "An aerial view of", "A macro study of", "Eine Zeichnung von", "絵葉書:",
    ]
    private static let subjects = [
        "terraced hills", "a lighthouse", "a night market", "sailing boats", "a stained-glass window",
        "the northern lights", "a café terrace", "a rain-washed street", "veined marble", "a distant nebula",
        "a \"ghost\" orchard",
    ]
    private static let places = [
        "at first light", "under a low sun", "in late autumn", "seen from the harbour", "after the storm",
        "in the blue hour", "with long shadows", "beneath a full moon",
    ]
    private static let campaigns = ["spring-launch", "newsletter-41", "atlas", "été", "school-book"]
    private static let teams = ["editorial", "social", "print", "film"]
    private static let models = ["flux-schnell", "seedream3.0", "nanobanana", "nanobanana-pro"]
}
