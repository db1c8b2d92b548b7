package io.fairlead.dataplane.netlink.generic;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.testing.Decoding;

/** What the kernel says of a generic family. */
class GenericInputsTest {

  @FuzzTest
  void family(byte[] input) {
    Decoding.of(
        input,
        MalformedMessageException.class,
        () ->
            assertThat(GenericFamily.decode(NetlinkMessage.parse(input)).toString()).isNotEmpty());
  }
}
