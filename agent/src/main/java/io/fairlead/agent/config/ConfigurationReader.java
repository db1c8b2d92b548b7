package io.fairlead.agent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a configuration out of the file, the flags and the defaults; a flag wins over the file.
 * Immutable; {@link #read} may be called again when the file changes.
 */
public final class ConfigurationReader {

  private final @Nullable Path file;
  private final Map<ConfigurationKey, String> flags;
  private final Function<String, @Nullable String> environment;
  private final String hostName;

  /**
   * @param file null if there is none
   * @param flags the flags given, each as one word (lists with commas)
   * @param environment the value of an environment variable, or null
   * @param hostName the node's name where nothing else gives it
   */
  public ConfigurationReader(
      @Nullable Path file,
      Map<ConfigurationKey, String> flags,
      Function<String, @Nullable String> environment,
      String hostName) {
    this.file = file;
    this.flags = Map.copyOf(flags);
    this.environment = environment;
    this.hostName = hostName;
  }

  public @Nullable Path file() {
    return file;
  }

  /**
   * Reads the file as it is now.
   *
   * @throws ConfigurationException with every problem found
   */
  public AgentConfiguration read() throws ConfigurationException {
    byte[] bytes = new byte[0];
    if (file != null) {
      try {
        bytes = Files.readAllBytes(file);
      } catch (NoSuchFileException e) {
        throw new ConfigurationException(
            List.of(
                "There is no configuration file "
                    + file
                    + ". Create it, or name another with --config"));
      } catch (IOException e) {
        throw new ConfigurationException(
            List.of(
                "The configuration file "
                    + file
                    + " cannot be read: "
                    + e.getMessage()
                    + ". Check that it is a file that this user may read"));
      }
    }
    return parse(bytes);
  }

  AgentConfiguration parse(byte[] fileBytes) throws ConfigurationException {
    List<String> problems = new ArrayList<>();
    Map<ConfigurationKey, LocatedValue> located = new EnumMap<>(ConfigurationKey.class);
    if (file != null) {
      located.putAll(ConfigurationFile.read(file.toString(), fileBytes, problems));
    }
    flags.forEach((key, text) ->
        located.put(
            key,
            new LocatedValue(
                key.isList() ? List.of(text.split(",", -1)) : List.of(text), key.flag())));
    AgentConfiguration configuration = check(new ValueParser(located, problems));
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return configuration;
  }

  private AgentConfiguration check(ValueParser values) {
    NetworkValueParser network = new NetworkValueParser(values);
    AgentConfiguration configuration =
        new AgentConfiguration(
            values.optionalPath(ConfigurationKey.KUBECONFIG),
            values.optionalPath(ConfigurationKey.MANIFESTS),
            values.nodeName(defaultNodeName()),
            values.cidrs(ConfigurationKey.CLUSTER_CIDR),
            values.cidrs(ConfigurationKey.SERVICE_CIDR),
            values.choice(ConfigurationKey.OVERLAY, OverlayMode.VXLAN, OverlayMode.values()),
            network.tunnel(),
            network.masquerade(),
            values.choice(ConfigurationKey.PROXY_MODE, ProxyMode.NFTABLES, ProxyMode.values()),
            new ServiceValueParser(values).read(),
            new PolicyValueParser(values).read(),
            network.install(),
            values.path(ConfigurationKey.STATE_DIR),
            values.path(ConfigurationKey.SYSCTL_DIR),
            values.socket(ConfigurationKey.CNI_SOCKET),
            values.socket(ConfigurationKey.ADMIN_SOCKET),
            values.socketAddress(ConfigurationKey.METRICS_ADDRESS),
            values.interfaceName(ConfigurationKey.BRIDGE),
            values.mtu(),
            values.choice(ConfigurationKey.LOG_FORMAT, LogFormat.TEXT, LogFormat.values()),
            values.choice(ConfigurationKey.LOG_LEVEL, LogLevel.INFO, LogLevel.values()));
    values.checkTogether(configuration);
    return configuration;
  }

  private String defaultNodeName() {
    String fromEnvironment = environment.apply("NODE_NAME");
    return fromEnvironment != null && !fromEnvironment.isBlank() ? fromEnvironment : hostName;
  }
}
