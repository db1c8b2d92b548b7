package io.fairlead.agent.config;

import io.fairlead.dataplane.model.Cidr;
import java.util.ArrayList;
import java.util.List;

/** The values that only Services have. */
final class ServiceValueParser {

  private static final String PRIMARY = "primary";
  private static final String INTERFACE_PREFIX = "interface-prefix:";

  private final ValueParser values;

  ServiceValueParser(ValueParser values) {
    this.values = values;
  }

  ServiceConfiguration read() {
    return new ServiceConfiguration(
        nodePortAddresses(),
        detectLocal(),
        values.flag(ConfigurationKey.MASQUERADE_ALL),
        masqueradeBit(),
        values.choice(
            ConfigurationKey.IPTABLES_VARIANT, IptablesVariant.AUTO, IptablesVariant.values()),
        new IpvsValueParser(values).read());
  }

  private NodePortAddresses nodePortAddresses() {
    ConfigurationKey key = ConfigurationKey.NODEPORT_ADDRESSES;
    List<String> words =
        values.words(key).stream().map(String::strip).filter(word -> !word.isEmpty()).toList();
    if (words.equals(List.of(PRIMARY))) {
      return new NodePortAddresses.Primary();
    }
    List<Cidr> cidrs = new ArrayList<>();
    for (String word : words) {
      if (word.equals(PRIMARY)) {
        values.problem(key, "has primary among others. Write primary alone, or CIDRs");
      } else if (NearestMatch.of(word, List.of(PRIMARY)) != null) {
        values.problem(key, "cannot be \"" + word + "\". Did you mean primary?");
      } else {
        try {
          cidrs.add(Cidr.parse(word));
        } catch (IllegalArgumentException e) {
          values.problem(key, "has a bad entry: " + e.getMessage());
        }
      }
    }
    return new NodePortAddresses.Networks(cidrs);
  }

  private DetectLocal detectLocal() {
    ConfigurationKey key = ConfigurationKey.DETECT_LOCAL;
    String word = values.word(key);
    if (word.startsWith(INTERFACE_PREFIX)) {
      String prefix = word.substring(INTERFACE_PREFIX.length());
      if (!ValueParser.canNameAnInterface(prefix)) {
        values.problem(
            key,
            "\""
                + prefix
                + "\" cannot begin the name of an interface. Use 1 to 15 letters, digits, dots,"
                + " dashes");
      }
      return new DetectLocal.InterfacePrefix(prefix);
    }
    return switch (word) {
      case "node-cidr" -> new DetectLocal.NodeCidr();
      case "cluster-cidr" -> new DetectLocal.ClusterCidr();
      case "bridge" -> new DetectLocal.Bridge();
      case "none" -> new DetectLocal.None();
      default -> {
        values.notAChoice(
            key,
            word,
            List.of("node-cidr", "cluster-cidr", "bridge", INTERFACE_PREFIX + "NAME", "none"));
        yield new DetectLocal.NodeCidr();
      }
    };
  }

  private int masqueradeBit() {
    ConfigurationKey key = ConfigurationKey.MASQUERADE_BIT;
    String word = values.word(key);
    if (word.matches("[0-9]{1,2}") && Integer.parseInt(word) <= 31) {
      return Integer.parseInt(word);
    }
    values.problem(
        key, "\"" + word + "\" is not a bit of the packet mark. Write a number from 0 to 31");
    return 0;
  }
}
