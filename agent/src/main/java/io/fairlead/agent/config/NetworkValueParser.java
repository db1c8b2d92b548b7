package io.fairlead.agent.config;

/** The values of the pod network that only it has. */
final class NetworkValueParser {

  private static final int LARGEST_VNI = (1 << 24) - 1;
  private static final int LARGEST_PORT = 65535;

  private final ValueParser values;

  NetworkValueParser(ValueParser values) {
    this.values = values;
  }

  TunnelConfiguration tunnel() {
    return new TunnelConfiguration(
        number(ConfigurationKey.VXLAN_VNI, LARGEST_VNI),
        number(ConfigurationKey.VXLAN_PORT, LARGEST_PORT),
        values.flag(ConfigurationKey.DIRECT_ROUTING),
        values.choice(
            ConfigurationKey.VXLAN_CHECKSUM_OFFLOAD,
            ChecksumOffload.AUTO,
            ChecksumOffload.values()),
        values.flag(ConfigurationKey.FLANNEL_ANNOTATIONS));
  }

  private int number(ConfigurationKey key, int largest) {
    String word = values.word(key);
    if (word.matches("[0-9]{1,8}")) {
      int number = Integer.parseInt(word);
      if (number >= 1 && number <= largest) {
        return number;
      }
    }
    values.problem(key, "\"" + word + "\" is not a number from 1 to " + largest);
    return 1;
  }

  MasqueradeConfiguration masquerade() {
    return new MasqueradeConfiguration(
        values.flag(ConfigurationKey.MASQUERADE),
        values.disjointCidrs(ConfigurationKey.NON_MASQUERADE_CIDRS),
        values.flag(ConfigurationKey.MASQUERADE_RANDOM_FULLY));
  }

  InstallConfiguration install() {
    return new InstallConfiguration(
        values.optionalPath(ConfigurationKey.CNI_BINARY_DIR),
        values.optionalPath(ConfigurationKey.CNI_CONFIG_DIR),
        values.optionalPath(ConfigurationKey.CNI_CONFIG),
        values.optionalPath(ConfigurationKey.IMPORT_LEASES));
  }
}
