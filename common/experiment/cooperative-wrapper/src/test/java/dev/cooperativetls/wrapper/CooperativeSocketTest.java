package dev.cooperativetls.wrapper;

import dev.cooperativetls.testkit.SocketContracts;
import dev.cooperativetls.testkit.WrapperForm;

class CooperativeSocketTest implements SocketContracts {

    @Override
    public WrapperForm form() {
        return WrapperForm.WRAPPED;
    }
}
