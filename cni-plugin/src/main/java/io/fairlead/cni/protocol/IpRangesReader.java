package io.fairlead.cni.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.cni.attachment.RequestedRange;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The "ipRanges" capability, as the conventions of CNI and the reference plugin host-local have it:
 * a list of range sets, of each of which one address is wanted; a set is a list of ranges, in order
 * of preference.
 *
 * <pre>[[{"subnet": "10.244.1.0/24", "rangeStart": "10.244.1.20", "rangeEnd": "10.244.1.30",
 *   "gateway": "10.244.1.1"}], [{"subnet": "fd00::/64"}]]</pre>
 *
 * All but "subnet" may be missing.
 */
final class IpRangesReader {

  private IpRangesReader() {}

  /**
   * Reads the sets; a missing list has none.
   *
   * @throws CniException INVALID_CONFIG for what is no such list, and for two sets of one family
   */
  static Map<AddressFamily, List<RequestedRange>> read(JsonNode sets) throws CniException {
    Map<AddressFamily, List<RequestedRange>> ranges = new EnumMap<>(AddressFamily.class);
    if (sets.isMissingNode() || sets.isNull()) {
      return ranges;
    }
    if (!sets.isArray()) {
      throw invalid("holds " + sets + ", which is no list of range sets");
    }
    for (JsonNode set : sets) {
      List<RequestedRange> read = set(set);
      AddressFamily family = read.getFirst().first().family();
      if (ranges.put(family, read) != null) {
        throw invalid(
            "has two range sets of "
                + family.kubernetesName()
                + "; an attachment gets one address of each family, so put their ranges into one"
                + " set");
      }
    }
    return ranges;
  }

  private static List<RequestedRange> set(JsonNode set) throws CniException {
    if (!set.isArray() || set.isEmpty()) {
      throw invalid("holds the range set " + set + ", which is no list of ranges");
    }
    List<RequestedRange> ranges = new ArrayList<>();
    for (JsonNode range : set) {
      ranges.add(range(range));
    }
    if (ranges.stream().map(range -> range.first().family()).distinct().count() > 1) {
      throw invalid("mixes the families in one range set: " + set);
    }
    return ranges;
  }

  private static RequestedRange range(JsonNode range) throws CniException {
    try {
      String text = range.path("subnet").asText();
      Cidr subnet = Cidr.parse(text);
      int slash = text.indexOf('/');
      if (!IpAddress.parse(text.substring(0, slash)).equals(subnet.network())) {
        throw new IllegalArgumentException("the subnet " + text + " has bits behind its prefix");
      }
      IpAddress start = address(range, "rangeStart");
      IpAddress end = address(range, "rangeEnd");
      RequestedRange whole = RequestedRange.of(subnet);
      RequestedRange read =
          new RequestedRange(
              start == null ? whole.first() : start,
              end == null ? whole.last() : end,
              address(range, "gateway"));
      if (!subnet.contains(read.first()) || !subnet.contains(read.last())) {
        throw new IllegalArgumentException(read + " is not within the subnet " + subnet);
      }
      return read;
    } catch (IllegalArgumentException e) {
      throw invalid("holds the range " + range + ": " + e.getMessage());
    }
  }

  private static @Nullable IpAddress address(JsonNode range, String key) {
    String text = range.path(key).asText();
    return text.isEmpty() ? null : IpAddress.parse(text);
  }

  private static CniException invalid(String what) {
    return new CniException(CniErrorCode.INVALID_CONFIG, "\"ipRanges\" in runtimeConfig " + what);
  }
}
