# Completion of `albert` in fish: albert completion fish | source
# The program itself says what may come next; this only hands it the words.
function __albert_complete
    set -l word (commandline -ct)
    set -l words (commandline -opc) "$word"
    for line in ($words[1] __complete -- $words[2..-1] 2> /dev/null)
        if test "$line" != :files
            echo $line
        else if string match -q -- '--*=*' "$word"
            set -l option (string replace -r '=.*' '=' -- "$word")
            for path in (__fish_complete_path (string replace -r '^[^=]*=' '' -- "$word"))
                echo $option$path
            end
        else
            __fish_complete_path "$word"
        end
    end
end
complete -c albert -f -a '(__albert_complete)'
