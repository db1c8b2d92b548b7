package io.fairlead.dataplane.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.testing.Decoding;

/** Entries of conntrack. */
class ConntrackInputsTest {

  @FuzzTest
  void entry(byte[] input) {
    Decoding.of(
        input,
        MalformedMessageException.class,
        () ->
            assertThat(ConntrackDecoder.decode(NetlinkMessage.parse(input)).toString())
                .isNotEmpty());
  }
}
