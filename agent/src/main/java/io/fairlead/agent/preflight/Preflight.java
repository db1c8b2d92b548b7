package io.fairlead.agent.preflight;

import io.fairlead.agent.config.AgentConfiguration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks whether a host suits an agent, without one. */
public final class Preflight {

  private Preflight() {}

  /**
   * Looks at the host of the calling thread's network namespace, which is not changed.
   *
   * @param configuration that the agent would have
   */
  public static List<Finding> run(AgentConfiguration configuration) {
    return judge(
        HostReader.read(Path.of("/proc"), ConflictRules.folder(configuration), KernelProbe.run()),
        configuration);
  }

  /** The sysctls that are looked at, as paths below /proc/sys. */
  public static List<String> settings() {
    return SettingRules.PATHS;
  }

  /** What the facts mean for an agent with this configuration. Pure. */
  static List<Finding> judge(HostFacts host, AgentConfiguration configuration) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(FeatureRules.judge(host, configuration));
    findings.addAll(SettingRules.judge(host, configuration));
    findings.addAll(UplinkRules.judge(host, configuration));
    findings.addAll(ConflictRules.judge(host, configuration));
    for (String sentence : host.unreadable()) {
      findings.add(Finding.warn("rights", "reading", sentence, "Run `fairlead preflight` as root"));
    }
    return findings;
  }
}
