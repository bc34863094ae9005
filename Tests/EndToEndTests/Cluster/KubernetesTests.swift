import Foundation
import Testing

extension EndToEnd {
    /// What samples/cluster/kubernetes asks of Kubernetes, and what it runs there. The manifests' schema is checked by
    /// scripts/check.
    @Suite(.timeLimit(.minutes(5))) struct KubernetesTests {
        private static let folder = ClusterNight.samples.appendingPathComponent("kubernetes")

        /// The documents of a manifest, as any reader of YAML sees them.
        private static func documents(_ name: String) async throws -> [Document] {
            let script = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))"
            let path = folder.appendingPathComponent(name).path
            let ended = try await tool("/usr/bin/python3", ["-c", script, path], in: try Scratch())
            try #require(ended.status == 0, "\(ended)")
            let all = try JSONSerialization.jsonObject(with: Data(ended.standardOutput.utf8)) as? [Any]
            return try #require(all).map { Document(value: $0) }
        }

        /// A part of a manifest.
        private struct Document {
            let value: Any?

            subscript(path: String) -> Document {
                Document(value: path.split(separator: ".").reduce(value) { ($0 as? [String: Any])?[String($1)] })
            }
            subscript(index: Int) -> Document {
                let all = all
                return Document(value: all.indices.contains(index) ? all[index].value : nil)
            }
            var text: String? { value as? String }
            var number: Int? { value as? Int }
            var flag: Bool? { value as? Bool }
            var strings: [String] { value as? [String] ?? [] }
            var all: [Document] { (value as? [Any] ?? []).map { Document(value: $0) } }
        }

        private static func job(_ name: String) async throws -> Document { try #require(await documents(name).first) }

        private static func pods() async throws -> [Document] {
            let cron = try #require(await documents("night.yaml").first { $0["kind"].text == "CronJob" })
            return [
                try await job("shards.yaml")["spec.template.spec"], try await job("merge.yaml")["spec.template.spec"],
                cron["spec.jobTemplate.spec.template.spec"],
            ]
        }

        @Test func podsMayDoNothingThatTheyNeedNot() async throws {
            for pod in try await Self.pods() {
                #expect(pod["securityContext.runAsNonRoot"].flag == true)
                #expect(pod["securityContext.seccompProfile.type"].text == "RuntimeDefault")
                #expect(pod["restartPolicy"].text == "Never")
                let container = pod["containers"][0]
                #expect(pod["containers"].all.count == 1)
                #expect(container["securityContext.allowPrivilegeEscalation"].flag == false)
                #expect(container["securityContext.readOnlyRootFilesystem"].flag == true)
                #expect(container["securityContext.capabilities.drop"].strings == ["ALL"])
                // The key comes as a file, to those alone who need it.
                let variables = container["env"].all.compactMap { $0["name"].text }
                #expect(!variables.contains { $0.contains("KEY") })
                let secrets = pod["volumes"].all.compactMap { $0["secret.secretName"].text }
                #expect(secrets == (container["name"].text == "fetch" ? ["pictory-api-key"] : []))
                let isNight = container["name"].text == "night"
                #expect((pod["automountServiceAccountToken"].flag ?? true) == isNight)
            }
        }

        /// What Kubernetes makes of each exit status, by the first rule that fits.
        @Test(arguments: [
            (64, "FailJob"), (66, "FailJob"), (77, "FailJob"), (78, "FailJob"), (1, "FailIndex"), (73, "FailIndex"),
            (74, "FailIndex"), (75, "Count"), (137, "Count"), (143, "Count"),
        ])
        func exitStatusOfAShardHasItsAction(_ status: Int, _ action: String) async throws {
            let spec = try await Self.job("shards.yaml")["spec"]
            #expect(spec["backoffLimitPerIndex"].number == 3)
            #expect(spec["completionMode"].text == "Indexed")
            let rules = spec["podFailurePolicy.rules"].all
            #expect(rules.first?["action"].text == "Ignore")
            let rule = rules.first { rule in
                let values = rule["onExitCodes.values"].value as? [Int]
                return values.map { $0.contains(status) == (rule["onExitCodes.operator"].text == "In") } ?? false
            }
            #expect(rule?["action"].text == action)
            // Kubernetes takes no others.
            for rule in rules.compactMap({ $0["onExitCodes.values"].value as? [Int] }) {
                #expect(rule == rule.sorted())
            }
        }

        @Test func kustomizationNamesFilesThatAreThere() async throws {
            let list = try await Self.job("kustomization.yaml")
            let files = list["resources"].strings + list["configMapGenerator"][0]["files"].strings
            #expect(files.sorted() == ["merge.yaml", "night", "night.yaml", "shards.yaml"])
            for file in files {
                #expect(FileManager.default.fileExists(atPath: Self.folder.appendingPathComponent(file).path))
            }
        }

        /// The command of a container, as Kubernetes starts it for this index.
        private func command(_ container: Document, index: Int, _ night: ClusterNight) throws -> String {
            let words = container["command"].strings + container["args"].strings
            return (container["command"].strings.isEmpty ? ["pictory-fetch"] + words : words).map { word in
                let word = word.replacingOccurrences(of: "$(JOB_COMPLETION_INDEX)", with: "\(index)")
                    .replacingOccurrences(of: "/etc/pictory/api-key", with: night.scratch.path("key"))
                return "'\(word.replacingOccurrences(of: "'", with: "'\\''"))'"
            }.joined(separator: " ")
        }

        /// Each index runs by hand, one of them twice at once, and once more where the lock does not hold.
        @Test func indexesDoTheWholeNightAndATwinDoesNoHarm() async throws {
            let night = try ClusterNight(try await Simulator(timeScale: 10))
            let job = try await Self.job("shards.yaml")
            let fetch = job["spec.template.spec.containers"][0]
            let count = try #require(job["spec.completions"].number)
            #expect(job["spec.parallelism"].number == count)
            #expect(fetch["workingDir"].text == "/nights/@NIGHT@")
            let all = try await ClusterNight.ids(shards: count, immediate: 3, slow: 2).flatMap { $0 }
            try night.write("jobs.jsonl", all.map { line($0) + "\n" }.joined())

            let place = "cd \"\(ClusterNight.directory)\" && exec "
            let pods = try (0..<count).map { try night.start(place + command(fetch, index: $0, night)) }
            try await pods[3].wait { _ in !night.textIfThere("shard-3.jsonl").isEmpty }
            let twin = try await night.shell(place + command(fetch, index: 3, night))
            #expect(twin.status == 75, "\(twin)")
            let unlocked = try await night.shell(
                place + command(fetch, index: 3, night) + " --lock=other.lock --results=shard-3-twin.jsonl")
            #expect(unlocked.status == 0, "\(unlocked)")
            for pod in pods {
                let ended = try await pod.end()
                #expect(ended.status == 0, "\(ended)")
            }
            let merge = try await Self.job("merge.yaml")["spec.template.spec.containers"][0]
            let merged = try await night.shell(place + command(merge, index: 0, night))
            #expect(merged.status == 0, "\(merged)")
            let records = try Record.all(in: try night.text("results.jsonl"))
            #expect(records.map(\.jobID) == all)
            #expect(records.allSatisfy { $0.status == "downloaded" })
            try await night.expectProven("results.jsonl", count: all.count)
            let images = try await night.simulator.statistics().imagesPerJob
            let twice = Set(images.filter { $0.value > 1 }.keys)
            let shard = Set(try Record.all(in: try night.text("shard-3.jsonl")).compactMap(\.jobID))
            #expect(twice.isSubset(of: shard), "\(images)")
        }

        /// Runs `night` against a stand-in of the API; returns its end, and the Jobs that were created.
        private func start(ends: [String: String] = [:], times: Int = 1) async throws -> (Ended, [Document]) {
            let scratch = try Scratch()
            let made = try await RunningProgram(
                URL(fileURLWithPath: "/usr/bin/openssl"),
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-subj",
                    "/CN=api", "-addext", "subjectAltName=IP:127.0.0.1",
                ], environment: [:], in: scratch
            ).end()
            try #require(made.status == 0, "\(made)")
            for (name, text) in ends.merging(["token": "t0ken\n", "namespace": "pictory"], uniquingKeysWith: { $1 }) {
                _ = try scratch.file(name, text)
            }
            try FileManager.default.copyItem(atPath: scratch.path("cert.pem"), toPath: scratch.path("ca.crt"))
            let script = Programs.repository.appendingPathComponent("Tests/EndToEndTests/Cluster/Daemons/kubernetes.py")
            let api = try RunningProgram(
                URL(fileURLWithPath: "/usr/bin/python3"), [script.path, scratch.url.path], environment: [:], in: scratch
            )
            try await api.wait { $0.standardOutput.contains("\n") }
            let port = try #require(api.standardOutput.split(separator: "\n").first)
            var ended: Ended?
            for _ in 0..<times {
                ended = try await RunningProgram(
                    URL(fileURLWithPath: "/bin/sh"), [Self.folder.appendingPathComponent("night").path],
                    environment: [
                        "PATH": "/usr/bin:/bin", "RUN": "pictory-1", "NIGHT": "2026-11-30", "PAUSE": "0.05",
                        "ACCOUNT_DIRECTORY": scratch.url.path, "KUBERNETES_SERVICE_HOST": "127.0.0.1",
                        "KUBERNETES_SERVICE_PORT": String(port),
                    ], in: scratch
                ).end()
            }
            let jobs = try api.standardOutput.split(separator: "\n").dropFirst().map {
                Document(value: try JSONSerialization.jsonObject(with: Data($0.utf8)))
            }
            return (try #require(ended), jobs)
        }

        @Test(arguments: [("Complete 0", 0), ("Failed 75", 75), ("Failed 1", 1)])
        func nightStartsTheShardsThenTheAccountAndHasItsStatus(_ merge: String, _ status: Int32) async throws {
            // A pod that was moved to another node starts the script again: nothing is created twice.
            let (ended, jobs) = try await start(
                ends: ["pictory-1-shards": "Failed 1", "pictory-1-merge": merge], times: 2)
            #expect(ended.status == status, "\(ended)")
            #expect(ended.standardError.isEmpty == (status == 0), "\(ended)")
            #expect(jobs.map { $0["metadata.name"].text } == ["pictory-1-shards", "pictory-1-merge"])
            for job in jobs {
                let container = job["spec.template.spec.containers"][0]
                #expect(container["workingDir"].text == "/nights/2026-11-30")
            }
        }

        @Test func nightThatMayNotCreateJobsSaysSo() async throws {
            let (ended, jobs) = try await start(ends: ["pictory-1-shards": "Forbidden"])
            #expect(ended.status == 75, "\(ended)")
            #expect(ended.standardError.contains("the Job of shards.yaml was not created"), "\(ended)")
            #expect(jobs.isEmpty)
        }

        @Test(
            .enabled(
                if: FileManager.default.isExecutableFile(atPath: "/usr/bin/shellcheck"),
                "shellcheck is missing: the script was NOT checked"))
        func scriptPassesShellcheck() async throws {
            let path = Self.folder.appendingPathComponent("night").path
            let ended = try await tool("/usr/bin/shellcheck", [path], in: try Scratch())
            #expect(ended.status == 0, "\(ended)")
        }
    }
}
