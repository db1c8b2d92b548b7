package io.fairlead.cni.ipam;

import io.fairlead.cni.attachment.OptionsText;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One line of the {@link LeaseJournal}: the CRC-32C of the rest in eight hexadecimal digits, a
 * blank, and one of
 *
 * <pre>
 * lease BOOT-ID NETWORK CONTAINER-ID INTERFACE ADDRESS[,ADDRESS] POD|- [UID|- [OPTIONS]]
 * retire NETWORK CONTAINER-ID INTERFACE
 * release NETWORK CONTAINER-ID INTERFACE ADDRESS[,ADDRESS]
 * free ADDRESS[,ADDRESS...]
 * </pre>
 *
 * No field holds a blank. Addresses behind "free" were released, oldest first.
 */
sealed interface LeaseLine {

  record Leased(String bootId, Lease lease) implements LeaseLine {}

  record Retired(AttachmentKey key) implements LeaseLine {}

  record Released(AttachmentKey key, List<IpAddress> addresses) implements LeaseLine {}

  record Free(List<IpAddress> addresses) implements LeaseLine {}

  /** The line with its line feed. */
  default String text() {
    String content =
        switch (this) {
          case Leased(String bootId, Lease lease) ->
              String.join(
                      " ",
                      "lease",
                      bootId,
                      fields(lease.key()),
                      join(lease.addresses()),
                      lease.pod() == null ? "-" : lease.pod())
                  + " "
                  + (lease.podUid().isEmpty() ? "-" : lease.podUid())
                  + " "
                  + OptionsText.write(lease.options());
          case Retired(AttachmentKey key) -> "retire " + fields(key);
          case Released(AttachmentKey key, List<IpAddress> addresses) ->
              String.join(" ", "release", fields(key), join(addresses));
          case Free(List<IpAddress> addresses) -> "free " + join(addresses);
        };
    return checksum(content) + " " + content + "\n";
  }

  /** What {@code line}, without its line feed, says; null if it is damaged. */
  static @Nullable LeaseLine parse(String line) {
    if (line.length() < 10 || !line.startsWith(checksum(line.substring(9)) + " ")) {
      return null;
    }
    String[] fields = line.substring(9).split(" ", -1);
    try {
      return switch (fields[0] + fields.length) {
        case "lease7" -> leased(fields, "-", "-");
        case "lease8" -> leased(fields, fields[7], "-");
        case "lease9" -> leased(fields, fields[7], fields[8]);
        case "retire4" -> new Retired(new AttachmentKey(fields[1], fields[2], fields[3]));
        case "release5" ->
            new Released(new AttachmentKey(fields[1], fields[2], fields[3]), addresses(fields[4]));
        case "free2" -> new Free(addresses(fields[1]));
        default -> null;
      };
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Leased leased(String[] fields, String podUid, String options) {
    return new Leased(
        fields[1],
        new Lease(
            new AttachmentKey(fields[2], fields[3], fields[4]),
            addresses(fields[5]),
            fields[6].equals("-") ? null : fields[6],
            podUid.equals("-") ? "" : podUid,
            OptionsText.read(options)));
  }

  private static String fields(AttachmentKey key) {
    return key.network() + " " + key.containerId() + " " + key.interfaceName();
  }

  private static String join(Collection<IpAddress> addresses) {
    return addresses.stream().map(IpAddress::toString).collect(Collectors.joining(","));
  }

  private static List<IpAddress> addresses(String text) {
    return Arrays.stream(text.split(",", -1)).map(IpAddress::parse).toList();
  }

  private static String checksum(String content) {
    CRC32C crc = new CRC32C();
    crc.update(content.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
