package dev.cooperativetls.altprovider;

import dev.cooperativetls.testkit.SocketContracts;
import dev.cooperativetls.testkit.WrapperForm;

class BareSocketTest implements SocketContracts {

    @Override
    public WrapperForm form() {
        return WrapperForm.BARE;
    }
}
