package io.fairlead.agent.conformance;

import java.io.IOException;
import java.nio.file.Path;

/** Network configurations for plugins that are known: so small that they can be exhausted. */
final class GeneratedNetwork {

  /** Room for 61 pods: fifty at once, and an end that is soon reached. */
  static final String IPV4 = "10.213.7.0/26";

  static final String IPV6 = "fd42:213:7::/64";

  private GeneratedNetwork() {}

  static NetworkList of(Subject subject, Path folder) throws IOException {
    if (subject.hasAgent()) {
      return NetworkList.parse(
          """
          {"cniVersion": "1.1.0", "name": "conformance", "plugins": [{"type": "%s",
            "capabilities": {"ips": true, "mac": true, "portMappings": true, "bandwidth": true,
              "ipRanges": true, "dns": true, "aliases": true, "cgroupPath": true,
              "io.kubernetes.cri.pod-annotations": true},
            "dns": {"nameservers": ["192.0.2.53"], "search": ["cluster.local"]}}]}
          """
              .formatted(subject.type()));
    }
    if (subject.type().equals("bridge")) {
      return NetworkList.parse(
          """
          {"cniVersion": "1.1.0", "name": "conformance", "plugins": [{"type": "bridge",
            "bridge": "cni0", "isDefaultGateway": true, "ipMasq": true, "hairpinMode": true,
            "capabilities": {"ips": true, "mac": true},
            "dns": {"nameservers": ["192.0.2.53"], "search": ["cluster.local"]},
            "ipam": {"type": "host-local", "dataDir": "%s",
              "ranges": [[{"subnet": "%s"}], [{"subnet": "%s"}]]}}]}
          """
              .formatted(folder.resolve("state"), IPV4, IPV6));
    }
    throw new IOException(
        "no network configuration is known for the plugin "
            + subject.type()
            + "; name one with --config FILE, or say --agent if it is fairlead's");
  }
}
