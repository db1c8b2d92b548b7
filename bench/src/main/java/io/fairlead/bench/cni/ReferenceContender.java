package io.fairlead.bench.cni;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The reference plugins bridge and host-local, as Debian's containernetworking-plugins has them.
 */
final class ReferenceContender implements Contender {

  private final String name;
  private final Path plugins;
  private final LabNamespace node;
  private final String configuration;

  private ReferenceContender(String name, Path plugins, LabNamespace node, String configuration) {
    this.name = name;
    this.plugins = plugins;
    this.node = node;
    this.configuration = configuration;
  }

  /**
   * @param plugins the folder with the plugins, for example /usr/lib/cni
   * @param state a folder for host-local's leases
   * @param masquerade whether pods' traffic to the outside is to be masqueraded, as ours always is
   * @throws IOException saying what to install if there are no plugins
   */
  static ReferenceContender create(Path plugins, Path state, boolean masquerade)
      throws IOException, InterruptedException {
    for (String plugin : List.of("bridge", "host-local")) {
      if (!Files.isExecutable(plugins.resolve(plugin))) {
        throw new IOException(
            "there is no "
                + plugins.resolve(plugin)
                + "; install the package containernetworking-plugins or give --plugins DIR");
      }
    }
    String configuration =
        """
        {"cniVersion":"1.0.0","name":"reference","type":"bridge","bridge":"cni0",
        "isDefaultGateway":true,"ipMasq":%s,"hairpinMode":true,"mtu":1450,
        "ipam":{"type":"host-local","dataDir":"%s","ranges":[[{"subnet":"10.244.9.0/24"}]]}}
        """
            .formatted(masquerade, state);
    String name = masquerade ? "reference bridge, ipMasq" : "reference bridge, plain";
    return new ReferenceContender(name, plugins, LabNamespace.create("reference"), configuration);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public LabNamespace node() {
    return node;
  }

  @Override
  public void add(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    execute("ADD", pod, execution);
  }

  @Override
  public void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    execute("DEL", pod, execution);
  }

  private void execute(String command, BenchPod pod, Execution execution)
      throws IOException, InterruptedException {
    execution.run(
        node,
        List.of(plugins.resolve("bridge").toString()),
        Map.of(
            "CNI_COMMAND", command,
            "CNI_CONTAINERID", pod.containerId(),
            "CNI_NETNS", pod.path(),
            "CNI_IFNAME", "eth0",
            "CNI_PATH", plugins.toString()),
        configuration);
  }

  @Override
  public void close() {
    node.close();
  }
}
