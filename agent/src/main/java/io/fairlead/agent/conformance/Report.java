package io.fairlead.agent.conformance;

import java.util.List;

/**
 * What a plugin was found to do.
 *
 * @param plugin path of its binary
 * @param network the CNI configuration that it was driven with, as JSON
 * @param supportedVersions what it answered VERSION with; empty if that could not be read
 */
public record Report(
    String plugin, String network, List<String> supportedVersions, List<Finding> findings) {

  public Report {
    supportedVersions = List.copyOf(supportedVersions);
    findings = List.copyOf(findings);
  }

  public long count(Finding.Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }

  /** Whether no obligation failed. */
  public boolean isConformant() {
    return count(Finding.Verdict.FAIL) == 0;
  }
}
