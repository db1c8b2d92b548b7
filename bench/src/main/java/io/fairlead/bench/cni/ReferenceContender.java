package io.fairlead.bench.cni;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The reference plugins bridge and host-local, as Debian's containernetworking-plugins has them,
 * with portmap chained behind them for host ports as a runtime chains it.
 */
final class ReferenceContender implements OnePlugin {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path plugins;
  private final LabNamespace node;
  private final Kind kind;
  private final int rules;
  private final String configuration;
  private final Map<Integer, String> results = new HashMap<>();

  /** What the plugins do for a pod. */
  enum Kind {
    PLAIN("reference bridge"),
    MASQUERADE("reference bridge, ipMasq"),
    HOST_PORT("reference bridge, ipMasq and portmap");

    private final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  private ReferenceContender(
      Path plugins, LabNamespace node, Kind kind, int rules, String configuration) {
    this.plugins = plugins;
    this.node = node;
    this.kind = kind;
    this.rules = rules;
    this.configuration = configuration;
  }

  /**
   * @param plugins the folder with the reference plugins, for example /usr/lib/cni
   * @param state a folder for host-local's leases
   * @param rules of others that are in table nat
   * @throws IOException saying what to install if there are no plugins
   */
  static ReferenceContender create(Path plugins, Path state, Kind kind, int rules)
      throws IOException, InterruptedException {
    for (String plugin : List.of("bridge", "host-local", "portmap")) {
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
            .formatted(kind != Kind.PLAIN, state);
    LabNamespace node = LabNamespace.create("reference");
    try {
      if (rules > 0) {
        new Program(node).run(natRules(rules), "iptables-restore", "--noflush");
      }
      return new ReferenceContender(plugins, node, kind, rules, configuration);
    } catch (IOException | InterruptedException e) {
      node.close();
      throw e;
    }
  }

  /** As a proxy of Services leaves them. */
  private static String natRules(int count) {
    StringBuilder text = new StringBuilder("*nat\n:OTHERS - [0:0]\n");
    for (int i = 0; i < count; i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "-A OTHERS -d 10.96.%d.%d/32 -p tcp -m tcp --dport 80 -j RETURN%n",
              i / 250,
              1 + i % 250));
    }
    return text.append("-A PREROUTING -j OTHERS\nCOMMIT\n").toString();
  }

  @Override
  public String name() {
    return kind.title;
  }

  @Override
  public int rules() {
    return rules;
  }

  @Override
  public LabNamespace node() {
    return node;
  }

  @Override
  public Call call(String command, BenchPod pod) {
    return new Call(
        List.of(plugins.resolve("bridge").toString()), variables(command, pod), configuration);
  }

  @Override
  public void add(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    String result = execution.run(node, call("ADD", pod));
    if (kind == Kind.HOST_PORT) {
      results.put(pod.number(), execution.run(node, portmap("ADD", pod, result)));
    }
  }

  @Override
  public void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    if (kind == Kind.HOST_PORT) {
      execution.run(node, portmap("DEL", pod, results.getOrDefault(pod.number(), "{}")));
    }
    execution.run(node, call("DEL", pod));
  }

  private Call portmap(String command, BenchPod pod, String result) throws IOException {
    ObjectNode chained = JSON.createObjectNode();
    chained.put("cniVersion", "1.0.0").put("name", "reference").put("type", "portmap");
    chained.putObject("capabilities").put("portMappings", true);
    chained
        .putObject("runtimeConfig")
        .putArray("portMappings")
        .addObject()
        .put("hostPort", pod.hostPort())
        .put("containerPort", 80)
        .put("protocol", "tcp");
    chained.set("prevResult", JSON.readTree(result));
    return new Call(
        List.of(plugins.resolve("portmap").toString()),
        variables(command, pod),
        JSON.writeValueAsString(chained));
  }

  private Map<String, String> variables(String command, BenchPod pod) {
    return Map.of(
        "CNI_COMMAND", command,
        "CNI_CONTAINERID", pod.containerId(),
        "CNI_NETNS", pod.path(),
        "CNI_IFNAME", "eth0",
        "CNI_PATH", plugins.toString());
  }

  @Override
  public void close() {
    node.close();
  }
}
