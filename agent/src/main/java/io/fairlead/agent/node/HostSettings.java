package io.fairlead.agent.node;

import io.fairlead.dataplane.model.AddressFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The sysctls of this node's network namespace without which pods cannot be reached. They are
 * written only where they differ. Stateless and thread-safe.
 */
public final class HostSettings {

  private final Path root;

  /** The settings below {@code root}, which is /proc/sys but in tests. */
  public HostSettings(Path root) {
    this.root = root;
  }

  private record Setting(String path, String value, String reason, boolean needed) {}

  /** What was done, and what could not be, as sentences. */
  public record Result(List<String> changed, List<String> problems) {}

  /** Brings the settings that pods of {@code families} need to their values. */
  public Result apply(Set<AddressFamily> families) {
    Result result = new Result(new ArrayList<>(), new ArrayList<>());
    for (AddressFamily family : AddressFamily.values()) {
      if (families.contains(family)) {
        settings(family).forEach(setting -> apply(setting, result));
      }
    }
    return result;
  }

  private static List<Setting> settings(AddressFamily family) {
    return switch (family) {
      case IPV4 ->
          List.of(
              new Setting("net/ipv4/ip_forward", "1", "packets of pods are not forwarded", true),
              bridgeCalls("net/bridge/bridge-nf-call-iptables"));
      case IPV6 ->
          List.of(
              new Setting(
                  "net/ipv6/conf/all/forwarding", "1", "packets of pods are not forwarded", true),
              bridgeCalls("net/bridge/bridge-nf-call-ip6tables"));
    };
  }

  /** Without it the answer of a pod on the same bridge bypasses the translation of its Service. */
  private static Setting bridgeCalls(String path) {
    return new Setting(
        path, "1", "a pod cannot reach a Service whose endpoint is on its own node", false);
  }

  private void apply(Setting setting, Result result) {
    Path file = root.resolve(setting.path());
    String name = setting.path().replace('/', '.');
    if (!Files.exists(file)) {
      String advice =
          setting.needed()
              ? "this kernel has no " + name + ": "
              : "this kernel has no " + name + " (load the module br_netfilter): ";
      result.problems().add(advice + setting.reason());
      return;
    }
    try {
      if (Files.readString(file).strip().equals(setting.value())) {
        return;
      }
      Files.writeString(file, setting.value());
      result.changed().add(name + " = " + setting.value());
    } catch (IOException e) {
      result
          .problems()
          .add(
              name
                  + " cannot be set to "
                  + setting.value()
                  + " ("
                  + e.getMessage()
                  + "), so "
                  + setting.reason()
                  + "; set it on the host: sysctl -w "
                  + name
                  + "="
                  + setting.value());
    }
  }
}
