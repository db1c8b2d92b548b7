package io.fairlead.cni.attachment;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@link AttachmentOptions} as one word without blanks, for the journal of leases. Only what
 * differs from the default is written; the default is "-":
 *
 * <pre>mtu=1400;mac=0a:58:0a:f4:01:02;hairpin=0;isolated=1;spoofcheck=0;defaultroute=0;
 * port=tcp,8080,80,192.0.2.1;port=udp,53,53,-;bandwidth=1000000,0,0,0</pre>
 */
public final class OptionsText {

  private static final String NOTHING = "-";

  private OptionsText() {}

  public static String write(AttachmentOptions options) {
    List<String> parts = new ArrayList<>();
    PortOptions port = options.port();
    PortOptions usual = PortOptions.DEFAULT;
    if (port.mtu() != usual.mtu()) {
      parts.add("mtu=" + port.mtu());
    }
    if (port.mac() != null) {
      parts.add("mac=" + port.mac());
    }
    flag("hairpin", port.hairpin(), usual.hairpin(), parts);
    flag("isolated", port.isolated(), usual.isolated(), parts);
    flag("spoofcheck", port.macSpoofCheck(), usual.macSpoofCheck(), parts);
    flag("defaultroute", port.defaultRoute(), usual.defaultRoute(), parts);
    options.hostPorts().forEach(hostPort -> parts.add("port=" + write(hostPort)));
    if (!options.bandwidth().equals(Bandwidth.UNLIMITED)) {
      Bandwidth b = options.bandwidth();
      parts.add(
          "bandwidth="
              + List.of(b.ingressRate(), b.ingressBurst(), b.egressRate(), b.egressBurst()).stream()
                  .map(String::valueOf)
                  .collect(Collectors.joining(",")));
    }
    return parts.isEmpty() ? NOTHING : String.join(";", parts);
  }

  private static void flag(String name, boolean value, boolean usual, List<String> parts) {
    if (value != usual) {
      parts.add(name + "=" + (value ? "1" : "0"));
    }
  }

  private static String write(HostPort port) {
    IpAddress address = port.hostAddress();
    return String.join(
        ",",
        port.protocol().name().toLowerCase(Locale.ROOT),
        Integer.toString(port.hostPort()),
        Integer.toString(port.containerPort()),
        address == null ? NOTHING : address.toString());
  }

  /**
   * The inverse of {@link #write}.
   *
   * @throws IllegalArgumentException if {@code text} is not such a word
   */
  public static AttachmentOptions read(String text) {
    PortOptions port = PortOptions.DEFAULT;
    List<HostPort> hostPorts = new ArrayList<>();
    Bandwidth bandwidth = Bandwidth.UNLIMITED;
    int mtu = port.mtu();
    @Nullable MacAddress mac = port.mac();
    boolean hairpin = port.hairpin();
    boolean isolated = port.isolated();
    boolean spoofCheck = port.macSpoofCheck();
    boolean defaultRoute = port.defaultRoute();
    for (String part : text.equals(NOTHING) ? List.<String>of() : List.of(text.split(";", -1))) {
      int equals = part.indexOf('=');
      String value = part.substring(equals + 1);
      switch (part.substring(0, Math.max(0, equals))) {
        case "mtu" -> mtu = Integer.parseInt(value);
        case "mac" -> mac = MacAddress.parse(value);
        case "hairpin" -> hairpin = value.equals("1");
        case "isolated" -> isolated = value.equals("1");
        case "spoofcheck" -> spoofCheck = value.equals("1");
        case "defaultroute" -> defaultRoute = value.equals("1");
        case "port" -> hostPorts.add(readPort(value));
        case "bandwidth" -> bandwidth = readBandwidth(value);
        default -> throw new IllegalArgumentException("\"" + part + "\" is no known option");
      }
    }
    return new AttachmentOptions(
        new PortOptions(mtu, mac, hairpin, isolated, spoofCheck, defaultRoute),
        hostPorts,
        bandwidth);
  }

  private static HostPort readPort(String text) {
    String[] fields = fields(text);
    return new HostPort(
        Protocol.valueOf(fields[0].toUpperCase(Locale.ROOT)),
        fields[3].equals(NOTHING) ? null : IpAddress.parse(fields[3]),
        Integer.parseInt(fields[1]),
        Integer.parseInt(fields[2]));
  }

  private static Bandwidth readBandwidth(String text) {
    String[] fields = fields(text);
    return new Bandwidth(
        Long.parseLong(fields[0]),
        Long.parseLong(fields[1]),
        Long.parseLong(fields[2]),
        Long.parseLong(fields[3]));
  }

  private static String[] fields(String text) {
    String[] fields = text.split(",", -1);
    if (fields.length != 4) {
      throw new IllegalArgumentException("\"" + text + "\" has not four fields");
    }
    return fields;
  }
}
