/* Counts the events of a log group by identifier, from C++: raii REGIONS LOG_GROUP
 * Handles are owned, errors are exceptions, and what a callback throws comes out of run(). */
#include <awslogsrc/awslogsrc.h>

#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

template <class T> using Handle = std::unique_ptr<T, void (*)(T *)>;

/* Calls what takes an awslogsrc_error ** last. */
template <class Function, class... Arguments> void call(Function function, Arguments... arguments)
{
    awslogsrc_error *raw = nullptr;
    const int status = function(arguments..., &raw);
    const Handle<awslogsrc_error> error(raw, awslogsrc_error_free);
    if (status < 0)
        throw std::runtime_error(error ? awslogsrc_error_message(raw) : awslogsrc_strerror(status));
}

/* Calls what gives out a handle besides. */
template <class T, class Function, class... Arguments>
Handle<T> make(void (*free)(T *), Function function, Arguments... arguments)
{
    T *raw = nullptr;
    call(function, arguments..., &raw);
    return {raw, free};
}

class Counter
{
  public:
    explicit Counter(const std::map<std::string, std::string> &settings)
    {
        const auto options = make(awslogsrc_options_free, awslogsrc_options_new);
        for (const auto &one : settings)
            call(awslogsrc_options_set, options.get(), one.first.c_str(), one.second.c_str());
        source_ = make(awslogsrc_source_free, awslogsrc_source_new, context_.get(), options.get());
        awslogsrc_source_on_batch(source_.get(), deliver, this, nullptr);
    }

    std::map<std::string, unsigned> run()
    {
        call(awslogsrc_source_start, source_.get());
        const int status = awslogsrc_context_run(context_.get());
        if (thrown_)
            std::rethrow_exception(thrown_);
        if (status < 0)
            throw std::runtime_error(awslogsrc_strerror(status));
        return counts_;
    }

  private:
    /* The caller is C: nothing may be thrown through it. */
    static int deliver(void *user_data, awslogsrc_source *, awslogsrc_batch *batch) noexcept
    {
        auto *self = static_cast<Counter *>(user_data);
        try {
            size_t size = 0;
            for (size_t i = 0; i < awslogsrc_batch_count(batch); i++) {
                const auto *text =
                    awslogsrc_event_identifier(awslogsrc_batch_event(batch, i), &size);
                self->counts_[std::string(text, size)]++;
            }
            return AWSLOGSRC_ACCEPT;
        } catch (...) {
            self->thrown_ = std::current_exception();
            awslogsrc_context_stop(self->context_.get());
            return AWSLOGSRC_LATER;
        }
    }

    std::map<std::string, unsigned> counts_;
    std::exception_ptr thrown_;
    Handle<awslogsrc_context> context_ = make(awslogsrc_context_free, awslogsrc_context_new);
    Handle<awslogsrc_source> source_{nullptr, awslogsrc_source_free};
};

int main(int argc, char **argv)
try {
    if (argc != 3)
        throw std::runtime_error("usage: raii REGIONS LOG_GROUP");
    Counter counter({{"regions", argv[1]},
                     {"log_group", argv[2]},
                     {"start_time", "beginning"},
                     {"once", "yes"}});
    for (const auto &entry : counter.run())
        std::cout << entry.first << ' ' << entry.second << '\n';
    return 0;
} catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
