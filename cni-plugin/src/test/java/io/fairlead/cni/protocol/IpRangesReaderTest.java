package io.fairlead.cni.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.cni.attachment.AddressRequest;
import io.fairlead.dataplane.model.AddressFamily;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The "ipRanges" capability. */
class IpRangesReaderTest {

  private static AddressRequest read(String ranges) throws CniException {
    String config = "{\"name\":\"n\",\"runtimeConfig\":{\"ipRanges\":" + ranges + "}}";
    return NetworkConfig.parse(config.getBytes(StandardCharsets.UTF_8))
        .addressRequest(CniArguments.NONE);
  }

  @Test
  void setsOfBothFamilies() throws Exception {
    assertThat(read("[]")).isEqualTo(AddressRequest.ANY);
    assertThat(read("null")).isEqualTo(AddressRequest.ANY);
    assertThat(
            read("[[{\"subnet\":\"10.0.0.0/24\",\"rangeStart\":\"10.0.0.9\",\"gateway\":\"10.0.0.1\"},"
                    + "{\"subnet\":\"10.0.1.0/24\",\"rangeEnd\":\"10.0.1.7\",\"other\":1}],"
                    + "[{\"subnet\":\"fd00::/64\"}]]")
                .ranges())
        .hasSize(2)
        .hasEntrySatisfying(
            AddressFamily.IPV4,
            set -> assertThat(set).hasToString("[10.0.0.9-10.0.0.255, 10.0.1.0-10.0.1.7]"))
        .hasEntrySatisfying(
            AddressFamily.IPV6,
            set -> assertThat(set).hasToString("[fd00::-fd00::ffff:ffff:ffff:ffff]"));
  }

  @ParameterizedTest
  @DisplayName("what is no list of range sets is refused with the reason (pod-network 27)")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "7 | no list of range sets",
        "[{'subnet':'10.0.0.0/24'}] | no list of ranges",
        "[[]] | no list of ranges",
        "[[{}]] | is not a CIDR",
        "[[7]] | is not a CIDR",
        "[[{'subnet':'10.0.0.5/24'}]] | has bits behind its prefix",
        "[[{'subnet':'10.0.0.0/24','rangeStart':'10.0.1.1'}]] | has no address",
        "[[{'subnet':'10.0.0.0/24','rangeEnd':'10.0.1.1'}]] | is not within the subnet",
        "[[{'subnet':'10.0.0.0/24','rangeStart':'10.0.0.9','rangeEnd':'10.0.0.8'}]] | has no"
            + " address",
        "[[{'subnet':'10.0.0.0/24','rangeStart':'x'}]] | not an IP",
        "[[{'subnet':'10.0.0.0/24','gateway':'fd00::1'}]] | another family",
        "[[{'subnet':'10.0.0.0/24'},{'subnet':'fd00::/64'}]] | mixes the families",
        "[[{'subnet':'10.0.0.0/24'}],[{'subnet':'10.0.1.0/24'}]] | two range sets of IPv4",
      })
  void refused(String ranges, String sentence) {
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> read(ranges.replace('\'', '"')))
        .withMessageContaining(sentence)
        .withMessageContaining("\"ipRanges\"")
        .satisfies(e -> assertThat(e.code()).isEqualTo(CniErrorCode.INVALID_CONFIG));
  }
}
